CREATE TABLE `live_connections` (
	`account_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`sealed_credentials` text NOT NULL,
	`account_number` text NOT NULL,
	`armed_until` text,
	FOREIGN KEY (`account_id`,`kind`) REFERENCES `connections`(`id`,`kind`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "live_connections_are_live" CHECK("live_connections"."kind" = 'alpaca-live')
);
--> statement-breakpoint
CREATE TABLE `paper_connections` (
	`account_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`sealed_credentials` text NOT NULL,
	FOREIGN KEY (`account_id`,`kind`) REFERENCES `connections`(`id`,`kind`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "paper_connections_are_paper" CHECK("paper_connections"."kind" in ('simulated', 'alpaca-paper'))
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`used_at` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_by_user` ON `recovery_codes` (`user_id`);--> statement-breakpoint
CREATE TABLE `second_factors` (
	`user_id` text PRIMARY KEY NOT NULL,
	`sealed_secret` text NOT NULL,
	`confirmed_at` text,
	`last_step` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`wait_until` text,
	`created_at` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `connections` ADD `removed_at` text;--> statement-breakpoint
CREATE UNIQUE INDEX `connections_by_id_and_kind` ON `connections` (`id`,`kind`);--> statement-breakpoint
INSERT INTO `paper_connections` (`account_id`, `kind`, `sealed_credentials`) SELECT `id`, `kind`, `sealed_credentials` FROM `connections`;--> statement-breakpoint
ALTER TABLE `connections` DROP COLUMN `sealed_credentials`;--> statement-breakpoint
ALTER TABLE `sessions` ADD `second_factor_at` text;