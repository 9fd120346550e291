#!/bin/sh
# Compares what a sealed site serves with the list of check sums that its team signed.
#   check-sealed.sh SITE FINGERPRINT [options for curl]
#   check-sealed.sh https://csirt.example "6F1A 0B2C ..." --socks5-hostname 127.0.0.1:9050
# FINGERPRINT is that of the team's key, from paper or wherever the site has no hand in it. A site that
# serves others something else than you gives itself away only to those others: look from several places.
# Ends with 0 if all is as signed, 1 if something is not, 2 if it cannot be compared.
# Needs curl, gpg and sha256sum.
set -u
if [ $# -lt 2 ]; then sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
site=${1%/}
team=$(printf %s "$2" | tr -d ' :' | tr a-f A-F)
shift 2
home=$(mktemp -d) || exit 2
trap 'gpgconf --homedir "$home" --kill all 2>/dev/null; rm -rf "$home"' EXIT
bad=0
fetch() { # path, file, options for curl
  path=$1 file=$2
  shift 2
  curl --silent --show-error --fail --max-time 120 --dump-header "$home/head" --output "$home/$file" "$@" "$site$path"
}
run_gpg() { gpg --homedir "$home" --batch --quiet "$@" 2>>"$home/said"; }

fetch /sealed/team.asc team.asc "$@" && fetch /sealed/sums.asc sums.asc "$@" || { echo "$site: there is nothing to compare with" >&2; exit 2; }
run_gpg --import "$home/team.asc"
run_gpg --status-file "$home/status" --output "$home/sums" --decrypt "$home/sums.asc"
# The last word of this line is the fingerprint of the whole key, whichever part of it signed.
signed=$(sed -n 's/^\[GNUPG:\] VALIDSIG [^ ]* \([0-9-]*\) .* \([0-9A-F]*\)$/\2 \1/p' "$home/status")
if [ "${signed%% *}" != "$team" ] || grep -q '^\[GNUPG:\] \(EXPKEYSIG\|REVKEYSIG\|BADSIG\|ERRSIG\)' "$home/status"; then
  echo "$site/sealed/sums.asc: not signed by $team" >&2
  exit 1
fi

while read -r sum path; do
  [ -n "$path" ] || continue
  if ! fetch "$path" file "$@"; then
    echo "$path: not there" >&2 && bad=1
  elif [ "$(sha256sum <"$home/file" | cut -d' ' -f1)" != "$sum" ]; then
    echo "$path: not what the team signed" >&2 && bad=1
  elif grep -iq '^\(refresh\|link\|location\):' "$home/head"; then
    echo "$path: its headers lead elsewhere" >&2 && bad=1
  fi
done <"$home/sums"
[ $bad = 0 ] && echo "$site: $(grep -c . "$home/sums") files are what the team signed on ${signed#* }"
exit $bad
