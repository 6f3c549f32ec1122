-- `contract_codes` holds which code each contract of `contracts` ran in its `deployment_block`, and ends with
-- the `contract_governance.code_hash` of a contract whose code was replaced.
select concat('of the contract ', c.name, ' no code is known in block ', c.deployment_block)
from contracts c, watermark w
where w.block_number >= c.deployment_block and not exists (
    select from contract_codes r where r.address = c.address and r.from_block <= c.deployment_block
)
union all
select concat('the contract ', encode(g.contract, 'hex'), ' runs ', encode(r.code_hash, 'hex'))
from contract_governance g left join lateral (
    select code_hash from contract_codes where address = g.contract
    order by from_block desc, from_index desc limit 1
) r on true
where g.code_hash is not null and r.code_hash is distinct from g.code_hash
