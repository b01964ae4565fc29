/** A request that a shell can sign and send; it has openssl and curl, and the secret in a variable. */
export function curlExample(address: string, secret: string): string {
  return `SECRET='${secret}'
NOW=$(date +%s)
BODY='{"alert_id":"'$NOW'-AAPL","symbol":"AAPL","side":"buy","qty":"1"}'
SIGNATURE=$(printf '%s' "$NOW.$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)
curl -X POST '${address}' \\
  -H 'Content-Type: application/json' \\
  -H "X-Outcry-Timestamp: $NOW" \\
  -H "X-Outcry-Signature: v1=$SIGNATURE" \\
  -d "$BODY"`;
}

/** The message of a TradingView strategy alert; TradingView fills in what stands in braces. */
export function tradingViewExample(secret: string): string {
  return `{
  "token": "${secret}",
  "alert_id": "{{timenow}}-{{ticker}}-{{strategy.order.id}}",
  "symbol": "{{ticker}}",
  "side": "{{strategy.order.action}}",
  "qty": "{{strategy.order.contracts}}"
}`;
}
