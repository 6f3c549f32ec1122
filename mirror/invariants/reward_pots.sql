-- `reward_pots`: `sponsored` and `withdrawn` are the sums of `reward_pot_movements` of these kinds in
-- the purpose's sponsorship, and `spent` that of `reward_accruals.amount` in it; `cap` is the last one
-- that was set in it, 0 before. What a sponsorship that is over was paid is what it spent, withdrew and
-- gave back; a sponsorship that is not has given nothing back. All is of the sponsorship's one sponsor.
with booked as (
    select
        purpose, sponsorship, sponsor, case kind when 'sponsored' then amount else 0 end as sponsored,
        0 as spent, case kind when 'withdrawn' then amount else 0 end as withdrawn,
        case kind when 'returned' then amount end as returned
    from reward_pot_movements
    union all select purpose, sponsorship, sponsor, 0, amount, 0, null
    from reward_accruals where sponsor is not null
), summed as (
    select
        purpose, sponsorship, min(encode(sponsor, 'hex')) as sponsor,
        max(encode(sponsor, 'hex')) as other,
        sum(sponsored) as sponsored, sum(spent) as spent, sum(withdrawn) as withdrawn,
        sum(returned) as returned
    from booked group by purpose, sponsorship
)
select concat('the pot of purpose ', p.purpose)
from reward_pots p
    left join summed s on s.purpose = p.purpose and s.sponsorship = p.sponsorship
where (p.sponsored, p.spent, p.withdrawn)
        <> (coalesce(s.sponsored, 0), coalesce(s.spent, 0), coalesce(s.withdrawn, 0))
    or s.returned is not null or s.sponsor <> encode(p.sponsor, 'hex')
    or p.cap <> coalesce((
        select m.cap from reward_pot_movements m
        where m.purpose = p.purpose and m.sponsorship = p.sponsorship and m.kind = 'sponsored'
        order by m.block_number desc, m.event_index desc limit 1
    ), 0)
union all
select concat('sponsorship ', s.sponsorship, ' of purpose ', s.purpose)
from summed s left join reward_pots p on p.purpose = s.purpose
where s.sponsor <> s.other or p.sponsorship is null or s.sponsorship > p.sponsorship
    or (s.sponsorship < p.sponsorship
        and (s.returned is null or s.sponsored <> s.spent + s.withdrawn + s.returned))
