-- While a company is disabled nothing comes again for it: make_on is NULL then too (S10).

CREATE INDEX recurrence_company ON recurrence (company_id, id);
UPDATE recurrence SET make_on = NULL
	WHERE company_id IN (SELECT id FROM company WHERE status = 'disabled');
