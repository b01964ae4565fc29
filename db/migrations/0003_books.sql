CREATE TABLE `activities` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`symbol` text,
	`qty` text,
	`net_amount` text NOT NULL,
	`price` text,
	`at` text NOT NULL,
	PRIMARY KEY(`account_id`, `id`),
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `activities_by_time` ON `activities` (`account_id`,`at`);--> statement-breakpoint
CREATE TABLE `comparisons` (
	`account_id` text PRIMARY KEY NOT NULL,
	`opened_at` text NOT NULL,
	`compared_at` text NOT NULL,
	`drifted_since` text,
	`drifts` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `holdings` (
	`account_id` text NOT NULL,
	`symbol` text NOT NULL,
	`qty` text NOT NULL,
	`cost_micros` integer NOT NULL,
	PRIMARY KEY(`account_id`, `symbol`),
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `ledger_transfers` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`source` text NOT NULL,
	`source_id` text NOT NULL,
	`line` integer NOT NULL,
	`debit` text NOT NULL,
	`credit` text NOT NULL,
	`symbol` text,
	`micros` integer NOT NULL,
	`at` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ledger_transfers_amount" CHECK("ledger_transfers"."micros" > 0),
	CONSTRAINT "ledger_transfers_sides" CHECK("ledger_transfers"."debit" <> "ledger_transfers"."credit")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_transfers_source` ON `ledger_transfers` (`account_id`,`source`,`source_id`,`line`);