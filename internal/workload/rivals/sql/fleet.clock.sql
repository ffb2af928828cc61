-- The clock tells how much work was planned before an instant; each calendar is merged once.
DROP TABLE IF EXISTS clock;
CREATE TEMP TABLE clock (calendar BIGINT, s BIGINT, e BIGINT, before BIGINT, PRIMARY KEY (calendar, s));
INSERT INTO clock
WITH reached AS (
  SELECT calendar, s, e, max(e) OVER (PARTITION BY calendar ORDER BY s
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
  FROM plans
), gained AS (
  SELECT calendar, greatest(s, coalesce(reach, s), 1735689600000000) AS s, least(e, 1738368000000000) AS e
  FROM reached
)
SELECT calendar, s, e, CAST(coalesce(sum(e - s) OVER (PARTITION BY calendar ORDER BY s
  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT)
FROM gained
WHERE e > s
UNION ALL
SELECT DISTINCT calendar, 1735689599999999, 1735689599999999, 0 FROM customers
