delete from presence where area = 'deployment';
alter table presence drop constraint presence_area_check;
alter table presence add constraint presence_area_check check (area in ('intake', 'people', 'careplan'));
drop policy on_what_i_see on presence;
create policy on_what_i_see on presence for select to centre_user
  using (user_name = session_user
         or case area when 'intake' then exists (select 1 from referral r where r.id = record)
                      when 'careplan' then exists (select 1 from care_plan c where c.id = record)
                      else exists (select 1 from person p where p.id = record) end);
drop policy my_own_come on presence;
create policy my_own_come on presence for insert to centre_user
  with check (user_name = session_user and (select my_role()) is not null
              and case area when 'intake' then exists (select 1 from referral r where r.id = record)
                            when 'careplan' then exists (select 1 from care_plan c where c.id = record)
                            else exists (select 1 from person p where p.id = record) end);
