# Medians of the results of bench as a table in Markdown. Input: tool|what|seconds|CPU seconds|peak kB|bytes read|bytes added.
# "against" names the tool that rates are compared with: in the same operation, or in its only one when it has no such operation.
BEGIN { FS = "|" }
$2 == "not counted" { next }
{
  key = $1 "|" $2
  if (!(key in rounds)) {
    tools[++rows] = $1
    whats[rows] = $2
    if (!($2 in seen)) order[++operations] = $2
    seen[$2] = 1
    if ($1 == against) { anchors++; anchor = key }
  }
  n = ++rounds[key]
  for (i = 3; i <= 7; i++) value[key, i, n] = $i
}
function median(key, column,    n, i, j, held, sorted) {
  n = rounds[key]
  for (i = 1; i <= n; i++) sorted[i] = value[key, column, i] + 0
  for (i = 2; i <= n; i++) {
    held = sorted[i]
    for (j = i - 1; j >= 1 && sorted[j] > held; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = held
  }
  return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
END {
  print "| operation | tool | seconds | MB/s | rate | CPU s | peak MB | added MB |"
  print "|---|---|---:|---:|---:|---:|---:|---:|"
  for (o = 1; o <= operations; o++) for (r = 1; r <= rows; r++) if (whats[r] == order[o]) {
    key = tools[r] "|" whats[r]
    other = against "|" whats[r]
    if (!(other in rounds)) other = anchors == 1 ? anchor : ""
    seconds = median(key, 3)
    rate = other == "" || seconds == 0 ? "-" : sprintf("%.2f", median(other, 3) / seconds)
    printf "| %s | %s | %.2f | %.0f | %s | %.1f | %.0f | %.1f |\n", whats[r], tools[r], seconds, seconds == 0 ? 0 : median(key, 6) / 1e6 / seconds, rate, median(key, 4), median(key, 5) / 1000, median(key, 7) / 1e6
  }
}
