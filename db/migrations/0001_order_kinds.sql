ALTER TABLE `orders` ADD `stop_price` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `trail_price` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `trail_percent` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `extended_hours` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `order_class` text DEFAULT 'simple' NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `take_profit` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `stop_loss` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `parent_id` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `replaces_id` text;