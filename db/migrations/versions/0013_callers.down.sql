-- The words of a caller go back to where they stood before.
update contact c set caller_name = k.name, caller_relation = k.relation, caller_phone = k.phone
from contact_caller k
where k.contact_id = c.id and k.caller_professional_id is null;

drop index practice_phone, contact_caller_phone_key;
drop table contact_advice, contact_caller, professional;
