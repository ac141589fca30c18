-- Names of WhatsApp accounts that became others (W9): what was written under identity before
-- until, and comes late, is whose address is: digits, or the id of a user.
CREATE TABLE identity_former (
	identity TEXT NOT NULL,
	until @INT@ NOT NULL,
	address TEXT NOT NULL,
	PRIMARY KEY (identity, until)
) @STRICT@;
