-- final: `process cancel` ended it. One whose steps were all cancelled one by one runs
-- again when a step is opened again (S11).

ALTER TABLE process ADD COLUMN final @INT@ NOT NULL DEFAULT 0;
UPDATE process SET final = 1 WHERE status = 'cancelled' AND id IN (
	SELECT target_id FROM audit WHERE target_kind = 'process' AND action = 'process.cancel');
