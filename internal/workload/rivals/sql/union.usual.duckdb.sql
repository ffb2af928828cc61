WITH marked AS (
  SELECT s, e, CASE WHEN s <= max(e) OVER (ORDER BY s, e ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    THEN 0 ELSE 1 END AS first
  FROM windows
), numbered AS (
  SELECT s, e, sum(first) OVER (ORDER BY s, e ROWS UNBOUNDED PRECEDING) AS island
  FROM marked
), merged AS (
  SELECT min(s) AS s, max(e) AS e FROM numbered GROUP BY island
)
SELECT CAST(value AS BIGINT) FROM (
  SELECT -1 AS line, count(*) AS value FROM merged
  UNION ALL
  SELECT 0, sum(date_diff('microsecond', s, e)) FROM merged
  UNION ALL
  SELECT month, coalesce(sum(date_diff('microsecond', greatest(w.s, m.s), least(w.e, m.e))) FILTER (WHERE w.s IS NOT NULL), 0)
  FROM months m LEFT JOIN merged w ON w.s < m.e AND w.e > m.s
  GROUP BY month
)
ORDER BY line
