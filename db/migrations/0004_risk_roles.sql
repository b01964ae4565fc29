CREATE TABLE `kill_switches` (
	`scope` text PRIMARY KEY NOT NULL,
	`pulled_by` text NOT NULL,
	`reason` text,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `risk_changes` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subject` text NOT NULL,
	`actor_id` text NOT NULL,
	`action` text NOT NULL,
	`before` text,
	`after` text,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `risk_changes_by_subject` ON `risk_changes` (`subject`,`seq`);--> statement-breakpoint
ALTER TABLE `risk_profiles` ADD `imposed` text;--> statement-breakpoint
ALTER TABLE `users` ADD `tier` text DEFAULT 'free' NOT NULL;