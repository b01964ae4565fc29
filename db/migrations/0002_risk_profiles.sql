CREATE TABLE `risk_profiles` (
	`account_id` text PRIMARY KEY NOT NULL,
	`profile` text,
	`blocked` integer NOT NULL,
	`updated_at` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
