CREATE TABLE `webhook_alerts` (
	`hook_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`body_hash` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`hook_id`, `alert_id`),
	FOREIGN KEY (`hook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hook_id` text NOT NULL,
	`at` text NOT NULL,
	`verdict` text NOT NULL,
	`status` integer NOT NULL,
	`reason` text,
	`message` text,
	`alert_id` text,
	`order_id` text,
	`address` text NOT NULL,
	`request_id` text NOT NULL,
	`body` text,
	FOREIGN KEY (`hook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_by_hook` ON `webhook_deliveries` (`hook_id`,`seq`);--> statement-breakpoint
CREATE TABLE `webhook_signatures` (
	`hook_id` text NOT NULL,
	`signature` text NOT NULL,
	`alert_id` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`hook_id`, `signature`),
	FOREIGN KEY (`hook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`sealed_secret` text,
	`enabled` integer NOT NULL,
	`limits` text NOT NULL,
	`mapping` text,
	`created_at` text NOT NULL,
	`rotated_at` text,
	`deleted_at` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhooks_by_user` ON `webhooks` (`user_id`,`id`);