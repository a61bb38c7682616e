# What every client sends, and what comes back.
curl --silent https://traction.example.org/ofrep/v1/evaluate/flags/bedside-tests \
  --header "Authorization: Bearer $TRACTION_TOKEN" \
  --json '{"context": {"targetingKey": "jo"}}'
