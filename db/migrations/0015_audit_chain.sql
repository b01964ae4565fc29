ALTER TABLE `ledger_transfers` ADD `digest` text;--> statement-breakpoint
ALTER TABLE `order_events` ADD `digest` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `story_digest` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `row_digest` text;