-- Asks Keyhouse whether a request may pass. Only 200 with the whole identity sets txn.keyhouse to "allowed"; a refusal goes
-- to the client as Keyhouse worded it. Everything else is 503, such as the 404 of a Keyhouse that does not trust this proxy.

-- HAProxy tries up to four times, so a client waits four times as long at most.
local TIMEOUT_MS = 450
local IDENTITY = {
  "keyhouse-token", "keyhouse-owner", "keyhouse-workspace", "keyhouse-permissions", "keyhouse-environment",
  "keyhouse-request",
}
-- Told to the client with the answer of the API too, see haproxy.cfg.
local TOLD = {
  ["x-request-id"] = "txn.keyhouse_request_id",
  ["ratelimit"] = "txn.keyhouse_ratelimit",
  ["ratelimit-policy"] = "txn.keyhouse_ratelimit_policy",
  ["x-ratelimit-limit"] = "txn.keyhouse_limit",
  ["x-ratelimit-remaining"] = "txn.keyhouse_remaining",
  ["x-ratelimit-reset"] = "txn.keyhouse_reset",
}
-- Fields of the request that Keyhouse needs to see, every line of them.
local ASKED_WITH = { "authorization", "origin", "x-debug-auth" }
local NOT_PASSED_ON = {
  ["connection"] = true, ["keep-alive"] = true, ["transfer-encoding"] = true, ["content-length"] = true,
}

local function lines(headers, name)
  local found = {}
  local values = headers[name]
  if values == nil then return nil end
  for at = 0, #values do
    if values[at] ~= nil then found[#found + 1] = values[at] end
  end
  return found
end

local function refuse(txn, method, status, headers, body)
  local reply = txn:reply({ status = status, body = method == "HEAD" and "" or body })
  for name, values in pairs(headers) do
    if not NOT_PASSED_ON[name] and name:sub(1, 9) ~= "keyhouse-" then
      for at = 0, #values do
        if values[at] ~= nil then reply:add_header(name, values[at]) end
      end
    end
  end
  txn:done(reply)
end

core.register_action("keyhouse", { "http-req" }, function(txn, url)
  local received = txn.http:req_get_headers()
  local method = txn.f:method()
  local asked = {
    ["x-forwarded-method"] = { method },
    ["x-forwarded-uri"] = { txn.f:pathq() },
    ["x-forwarded-for"] = { txn.f:src() },
  }
  for _, name in ipairs(ASKED_WITH) do
    asked[name] = lines(received, name)
  end

  local answer = core.httpclient():get({ url = url, headers = asked, timeout = TIMEOUT_MS })
  local status = answer and answer.status or 0
  if status == 200 then
    for _, name in ipairs(IDENTITY) do
      local value = answer.headers[name] and answer.headers[name][0]
      if value == nil then
        return refuse(txn, method, 503, {}, "")
      end
      txn.http:req_set_header(name, value)
    end
    -- Only where Keyhouse signs identities.
    local signed = answer.headers["keyhouse-identity"]
    if signed ~= nil then txn.http:req_set_header("keyhouse-identity", signed[0]) end
    for name, variable in pairs(TOLD) do
      local values = answer.headers[name]
      if values ~= nil then txn:set_var(variable, values[0]) end
    end
    txn:set_var("txn.keyhouse", "allowed")
  elseif status >= 400 and status ~= 404 and answer.headers["x-request-id"] ~= nil then
    refuse(txn, method, status, answer.headers, answer.body or "")
  else
    refuse(txn, method, 503, { ["retry-after"] = { [0] = "1" } }, "")
  end
end, 1)
