drop trigger program_fits on audit.entry;
drop function audit.program_fits();
