-- Each window adds what lies beyond the furthest end before it.
WITH reached AS (
  SELECT s, e, max(e) OVER (ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
  FROM windows
), gained AS (
  SELECT greatest(s, coalesce(reach, s)) AS f, e AS t, CASE WHEN s <= reach THEN NULL ELSE 1 END AS island
  FROM reached
  WHERE reach IS NULL OR e > reach
)
SELECT count(island), CAST(sum(t - f) AS BIGINT), :months
FROM gained
