CREATE TABLE `gateway_connections` (
	`account_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`account_number` text NOT NULL,
	FOREIGN KEY (`account_id`,`kind`) REFERENCES `connections`(`id`,`kind`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "gateway_connections_are_paper" CHECK("gateway_connections"."kind" = 'ibkr-paper')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `gateway_connections_by_number` ON `gateway_connections` (`account_number`);