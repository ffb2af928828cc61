judged AS (
  SELECT fee, due, down, CASE
      WHEN (due - down) * 100 < 95 * due THEN 4
      WHEN (due - down) * 100 < 99 * due THEN 3
      WHEN (due - down) * 1000 < 999 * due THEN 2
      WHEN (due - down) * 10000 < 9999 * due THEN 1
      ELSE 0 END AS tier
  FROM served
), credited AS (
  SELECT down, (2000000 * (due - down) + due) // (2 * due) AS percent, tier, (fee * CASE tier
      WHEN 4 THEN 100 WHEN 3 THEN 25 WHEN 2 THEN 10 WHEN 1 THEN 5 ELSE 0 END + 50) // 100 AS cents
  FROM judged
)
SELECT CAST(sum(down) AS BIGINT), CAST(sum(percent) AS BIGINT), CAST(sum(cents) AS BIGINT),
  count(CASE tier WHEN 0 THEN 1 END), count(CASE tier WHEN 1 THEN 1 END), count(CASE tier WHEN 2 THEN 1 END),
  count(CASE tier WHEN 3 THEN 1 END), count(CASE tier WHEN 4 THEN 1 END)
FROM credited
