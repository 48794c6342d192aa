drop function audit.seal_up();
drop function audit.seal_text(audit.seal);
drop table audit.seal;
drop function audit.entry_text(audit.entry);
