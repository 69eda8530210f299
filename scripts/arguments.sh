# For scripts that check their arguments before they build anything. A script sources this after it has defined usage.

# wrong TEXT: says what is wrong with the arguments, and ends the script.
wrong() {
  echo "$(basename "$(dirname "$0")")/$(basename "$0"): $1" >&2
  usage >&2
  exit 2
}

# check FLAGS OPTIONS ARGUMENT…: refuses unknown arguments, and ends the script after --help; each of the options has a value.
check() {
  local flags=" $1 " options=" $2 "
  shift 2
  while (($#)); do
    if [ "$1" = --help ] || [ "$1" = -h ]; then
      usage
      exit 0
    elif [[ $1 != *\ * && $options == *" $1 "* ]]; then
      (($# > 1)) || wrong "$1 needs a value"
      shift
    elif [[ -z $1 || $1 == *\ * || $flags != *" $1 "* ]]; then
      wrong "unknown argument '$1'"
    fi
    shift
  done
}
