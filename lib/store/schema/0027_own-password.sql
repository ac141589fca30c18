-- audit_erase: the rows that name others as erased (O4a).

CREATE INDEX audit_erase ON audit (id) WHERE action = 'contact.erase';
