CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text NOT NULL,
	`symbol` text NOT NULL,
	`order_id` text NOT NULL,
	`qty` text NOT NULL,
	`side` text NOT NULL,
	`stop_price` text,
	`reason` text NOT NULL,
	`message` text,
	`raised_at` text NOT NULL,
	`cleared_at` text,
	`outcome` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_open` ON `alerts` (`order_id`) WHERE "alerts"."cleared_at" is null;--> statement-breakpoint
CREATE INDEX `alerts_by_user` ON `alerts` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `orders_in_groups` ON `orders` (`account_id`,`symbol`) WHERE "orders"."order_class" in ('bracket', 'oco', 'oto');