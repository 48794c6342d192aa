alter table postcode drop column retired_on, drop column invented;
