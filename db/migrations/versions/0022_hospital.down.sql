-- The messages themselves stay, with their originals; what they were is not known to the program of that time.
drop trigger owe_receipts on referral;
drop function referral_owes_receipts();
drop table hospital_receipt, hospital_said, hospital_notice, withdrawal_reason;
drop function hospital_notice_tells();
drop function sees_message(uuid);
drop function guard_hospital_receipt();
drop function guard_hospital_notice();
drop function owe_receipt(uuid, text, text);
update message set kind = 'unknown' where kind in
  ('hospital_assessment', 'hospital_discharge', 'hospital_withdrawal', 'hospital_receipt');
