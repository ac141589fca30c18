-- What a ticket discusses: a project or a task of the same company (S12).

ALTER TABLE ticket ADD COLUMN project_id @INT@ REFERENCES project (id);
ALTER TABLE ticket ADD COLUMN task_id @INT@ REFERENCES task (id);
CREATE INDEX ticket_project ON ticket (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX ticket_task ON ticket (task_id, id) WHERE task_id IS NOT NULL;
