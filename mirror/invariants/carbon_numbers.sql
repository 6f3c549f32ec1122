-- `carbon_classes`, `carbon_projects`, `carbon_batches` and `carbon_periods` count from 1 without
-- gaps. Class 1 is that of the allowances: its batches belong to periods, the others to projects.
-- `carbon_classes.last_serial` is the highest `serial_end` of the class, and each batch begins
-- above those before it.
select concat('there are ', n, ' ', what, ' up to ', last)
from (
    select 'classes', count(*), coalesce(max(class), 0) from carbon_classes
    union all select 'projects', count(*), coalesce(max(project), 0) from carbon_projects
    union all select 'batches', count(*), coalesce(max(batch), 0) from carbon_batches
    union all select 'periods', count(*), coalesce(max(period), 0) from carbon_periods
) as counted (what, n, last)
where n <> last
union all
select concat('batch ', batch, ' belongs to no period') from carbon_batches
where class = 1 and period is null
union all
select concat('the last serial number of class ', c.class, ' is ', c.last_serial)
from carbon_classes c
where c.last_serial <> (
    select coalesce(max(serial_end), 0) from carbon_batches b where b.class = c.class
)
union all
select concat('batch ', batch, ' does not begin above the one before it')
from (
    select batch, serial_start, lag(serial_end) over (partition by class order by batch) as before
    from carbon_batches
) as ranges
where serial_start <= before
