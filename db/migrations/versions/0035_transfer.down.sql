drop table transfer_light, transfer_delay, transfer;
drop function guard_transfer(), end_transfer_delays(), guard_transfer_delay();
drop table discharge_destination, delay_reason;
delete from setting where name = 'transfer.caseload';
update setting set value = value #- '{rows,delay_reason}' #- '{rows,discharge_destination}' where name = 'seeded_reference';
