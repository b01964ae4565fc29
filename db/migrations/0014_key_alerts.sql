PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text DEFAULT 'unprotected_position' NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text NOT NULL,
	`symbol` text,
	`order_id` text,
	`qty` text,
	`side` text,
	`stop_price` text,
	`reason` text,
	`message` text,
	`raised_at` text NOT NULL,
	`cleared_at` text,
	`outcome` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "alerts_of_positions" CHECK("__new_alerts"."kind" = 'keys_refused' or ("__new_alerts"."symbol" is not null and "__new_alerts"."order_id" is not null and "__new_alerts"."qty" is not null and "__new_alerts"."side" is not null and "__new_alerts"."reason" is not null))
);
--> statement-breakpoint
INSERT INTO `__new_alerts`("id", "kind", "user_id", "account_id", "symbol", "order_id", "qty", "side", "stop_price", "reason", "message", "raised_at", "cleared_at", "outcome") SELECT "id", 'unprotected_position', "user_id", "account_id", "symbol", "order_id", "qty", "side", "stop_price", "reason", "message", "raised_at", "cleared_at", "outcome" FROM `alerts`;--> statement-breakpoint
DROP TABLE `alerts`;--> statement-breakpoint
ALTER TABLE `__new_alerts` RENAME TO `alerts`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_open` ON `alerts` (`order_id`) WHERE "alerts"."cleared_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_open_of_account` ON `alerts` (`account_id`) WHERE "alerts"."kind" = 'keys_refused' and "alerts"."cleared_at" is null;--> statement-breakpoint
CREATE INDEX `alerts_by_user` ON `alerts` (`user_id`,`id`);