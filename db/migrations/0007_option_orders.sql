ALTER TABLE `orders` ADD `position_intent` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `legs` text;