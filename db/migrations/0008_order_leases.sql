CREATE TABLE `workers` (
	`id` text PRIMARY KEY NOT NULL,
	`pid` integer NOT NULL,
	`started_at` text NOT NULL,
	`beats` integer NOT NULL,
	`beat_at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `orders` ADD `lease_holder` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `lease_token` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `may_be_sent` integer DEFAULT true NOT NULL;