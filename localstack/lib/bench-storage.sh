# Sourced by bench: the storages, each against the usual clients on the same server of this machine, GIB GiB in objects of 32 MiB.
# Sets nothing of the caller's but $results: storage|client|MB/s up|MB/s down|peak kB.
# shellcheck shell=bash disable=SC2154 # work, container, holdfast and results are bench's

bench_password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

until_answers() { # PORT
  local tries=0
  until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || stop "the server on port $1 does not answer"
    sleep 0.5
  done
}

objects() { # GIB
  mkdir -p /dev/shm/holdfast-bench/up
  local number
  for ((number = 0; number < $1 * 32; number++)); do
    head -c 33554432 /dev/urandom >"/dev/shm/holdfast-bench/up/object-$number"
  done
}

# holdfast_speed STORAGE NAME: the program measures itself, without its start.
holdfast_speed() {
  local printed
  printed=$(/usr/bin/time -q -f %M -o "$work/peak" "$holdfast" storage test "$2" --speed "$gibibytes" 2>"$work/stderr") ||
    { echo "$printed" >&2; cat "$work/stderr" >&2; stop "holdfast failed: $1"; }
  sed -n 's/.*up \([0-9.]*\) MB.s, down \([0-9.]*\) MB.s/\1|\2/p' <<<"$printed" |
    sed "s/^/$1|holdfast|/; s/\$/|$(cat "$work/peak")/" >>"$results"
  say "holdfast, $1: $(tail -n 1 "$results")"
}

# peer STORAGE CLIENT UP DOWN: two commands; what comes down lies in memory.
peer() {
  local rates='' peak=0 command
  for command in "$3" "$4"; do
    rm -rf /dev/shm/holdfast-bench/down && mkdir -p /dev/shm/holdfast-bench/down
    /usr/bin/time -q -f '%e %M' -o "$work/time" bash -c "$command" >"$work/stdout" 2>"$work/stderr" ||
      { cat "$work/stdout" "$work/stderr" >&2; stop "$2 failed: $1"; }
    read -r elapsed memory <"$work/time"
    rates="$rates|$(awk "BEGIN { printf \"%.1f\", $gibibytes * 1073.741824 / $elapsed }")"
    if [ "$memory" -gt "$peak" ]; then peak=$memory; fi
  done
  if [ "$(find /dev/shm/holdfast-bench/down -type f | wc -l)" != "$((gibibytes * 32))" ]; then stop "$2 brought back less: $1"; fi
  printf '%s|%s%s|%s\n' "$1" "$2" "$rates" "$peak" >>"$results"
  say "$2, $1: $(tail -n 1 "$results")"
}

rclone_peer() { # STORAGE REMOTE: remote paths are wiped afterwards
  peer "$1" rclone "rclone copy --transfers 3 /dev/shm/holdfast-bench/up $2" "rclone copy --transfers 3 $2 /dev/shm/holdfast-bench/down"
  rclone purge "$2" >/dev/null 2>&1 || rclone delete "$2"
}

bench_local() {
  mkdir -p "$work/folder"
  "$holdfast" storage add folder local path="$work/folder" >/dev/null
  holdfast_speed local folder
  peer local "cp; sync" "cp -r /dev/shm/holdfast-bench/up $work/folder/up && sync -f $work/folder" \
    "cp $work/folder/up/* /dev/shm/holdfast-bench/down"
  rm -rf -- "$work/folder"
}

bench_s3() {
  "$here/prepare" moto
  local port
  port=$(free_port)
  docker run -d --name "$container" --network host -e "PORT=$port" holdfast-test/moto:1 >/dev/null
  until_answers "$port"
  export RCLONE_CONFIG_S3_TYPE=s3 RCLONE_CONFIG_S3_PROVIDER=Other RCLONE_CONFIG_S3_ENDPOINT=http://127.0.0.1:$port
  export RCLONE_CONFIG_S3_ACCESS_KEY_ID=bench RCLONE_CONFIG_S3_SECRET_ACCESS_KEY=bench RCLONE_CONFIG_S3_REGION=us-east-1
  unset AWS_CA_BUNDLE # old versions of rclone take it for their own transport and fail
  rclone mkdir s3:bench
  BENCH_SECRET=bench "$holdfast" storage add bucket s3 endpoint="http://127.0.0.1:$port" bucket=bench access-key-id=bench secret-key=env:BENCH_SECRET >/dev/null
  export BENCH_SECRET=bench
  holdfast_speed S3 bucket
  rclone_peer S3 s3:bench/up
  docker rm -f -v "$container" >/dev/null
}

bench_sftp() {
  "$here/prepare" sshd
  local port fingerprint
  port=$(free_port)
  ssh-keygen -q -t ed25519 -N '' -f "$work/id"
  SSH_AUTHORIZED_KEYS=$(cat "$work/id.pub") docker run -d --name "$container" --network host -e SSH_AUTHORIZED_KEYS -e "SSH_PORT=$port" \
    --tmpfs /data:mode=1777 holdfast-test/sshd:1 >/dev/null
  until_answers "$port"
  ssh-keyscan -p "$port" 127.0.0.1 >"$work/known" 2>/dev/null
  fingerprint=$(ssh-keygen -lf "$work/known" | awk '/ED25519/ { print $2 }')
  "$holdfast" storage add ssh sftp host=127.0.0.1 port="$port" user=backup key-file="$work/id" fingerprint="$fingerprint" root=/data >/dev/null
  holdfast_speed SFTP ssh
  local client="sftp -q -P $port -i $work/id -o UserKnownHostsFile=$work/known -b -"
  peer SFTP sftp "docker exec $container mkdir -p /data/up && docker exec $container chmod 777 /data/up && echo 'put /dev/shm/holdfast-bench/up/* /data/up/' | $client backup@127.0.0.1" \
    "echo 'get /data/up/* /dev/shm/holdfast-bench/down/' | $client backup@127.0.0.1"
  docker exec "$container" rm -rf /data/up
  export RCLONE_CONFIG_SSH_TYPE=sftp RCLONE_CONFIG_SSH_HOST=127.0.0.1 RCLONE_CONFIG_SSH_PORT=$port RCLONE_CONFIG_SSH_USER=backup
  export RCLONE_CONFIG_SSH_KEY_FILE=$work/id RCLONE_CONFIG_SSH_KNOWN_HOSTS_FILE=$work/known
  rclone_peer SFTP ssh:/data/up
  docker rm -f -v "$container" >/dev/null
}

# bench_ftp STORAGE TYPE: vsftpd with files in memory.
bench_ftp() {
  "$here/prepare" vsftpd
  local port implicit
  port=$(free_port)
  implicit=$(free_port)
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
  FTP_PASSWORD=$bench_password docker run -d --name "$container" --init --network host -e FTP_PASSWORD -e "FTP_PORT=$port" -e "FTPS_PORT=$implicit" \
    -e FTP_PASSIVE_MIN=21000 -e FTP_PASSIVE_MAX=21099 -e FTP_OPTIONS=$'force_local_logins_ssl=NO\nforce_local_data_ssl=NO' \
    -v "$work/cert.pem:/tls/cert.pem:ro" -v "$work/key.pem:/tls/key.pem:ro" --tmpfs /data:mode=1777 holdfast-test/vsftpd:1 >/dev/null
  until_answers "$port"
  export BENCH_SECRET=$bench_password LFTP_PASSWORD=$bench_password
  local trust=()
  if [ "$2" = ftps ]; then trust=(certificates="$work/cert.pem"); fi
  "$holdfast" storage add "$2" "$2" host=127.0.0.1 port="$port" user=backup password=env:BENCH_SECRET "${trust[@]}" >/dev/null
  holdfast_speed "$1" "$2"
  local secure=no
  if [ "$2" = ftps ]; then secure=yes; fi
  local client="lftp -e 'set ftp:ssl-force $secure; set ftp:ssl-allow $secure; set ftp:ssl-protect-data $secure; set ssl:ca-file $work/cert.pem; open --user backup --env-password ftp://127.0.0.1:$port;"
  peer "$1" lftp "$client mirror -R --parallel=3 /dev/shm/holdfast-bench/up up; bye'" "$client mirror --parallel=3 up /dev/shm/holdfast-bench/down; bye'"
  docker exec "$container" rm -rf /data/up
  # Debian's rclone does not resume TLS sessions, which vsftpd demands: lftp is the only peer of FTPS.
  if [ "$2" = ftp ]; then
    export RCLONE_CONFIG_FTP_TYPE=ftp RCLONE_CONFIG_FTP_HOST=127.0.0.1 "RCLONE_CONFIG_FTP_PORT=$port" RCLONE_CONFIG_FTP_USER=backup
    RCLONE_CONFIG_FTP_PASS=$(rclone obscure - <<<"$bench_password")
    export RCLONE_CONFIG_FTP_PASS
    rclone_peer "$1" "$2:up"
  fi
  docker rm -f -v "$container" >/dev/null
}

bench_storage() { # STORAGE
  case $1 in
  local) bench_local ;;
  s3) bench_s3 ;;
  sftp) bench_sftp ;;
  ftp) bench_ftp FTP ftp ;;
  ftps) bench_ftp FTPS ftps ;;
  *) stop "no such storage to measure: $1 (there are local s3 sftp ftp ftps)" ;;
  esac
}

storage_table() {
  awk -F'|' '
    { key = $1 "|" $2; if (!(key in n)) { keys[++rows] = key }; n[key]++; up[key] += $3; down[key] += $4; if ($5 > peak[key]) peak[key] = $5
    }
    END {
      for (i = 1; i <= rows; i++) { split(keys[i], p, "|"); u = up[keys[i]] / n[keys[i]]; d = down[keys[i]] / n[keys[i]]
        if (p[2] != "holdfast") { if (u > bestUp[p[1]]) bestUp[p[1]] = u; if (d > bestDown[p[1]]) bestDown[p[1]] = d } }
      print "| storage | client | up MB/s | down MB/s | up, of the best other | down, of the best other | peak MB |"
      print "|---|---|---:|---:|---:|---:|---:|"
      for (i = 1; i <= rows; i++) { split(keys[i], p, "|"); u = up[keys[i]] / n[keys[i]]; d = down[keys[i]] / n[keys[i]]
        ratio = p[2] == "holdfast" ? sprintf("%.2f | %.2f", u / bestUp[p[1]], d / bestDown[p[1]]) : " | "
        megabytes = peak[keys[i]] * 1024 / 1e6
        if (p[2] == "holdfast" && megabytes > most) most = megabytes
        printf "| %s | %s | %.0f | %.0f | %s | %.0f |\n", p[1], p[2], u, d, ratio, megabytes }
      printf "\nThe peak of holdfast is %.0f MB; its limit of 256 MB is %s.\n", most, (most > 256 ? "missed" : "kept") }' "$results"
}
