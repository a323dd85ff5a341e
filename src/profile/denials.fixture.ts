import type { DenialReason } from '../policy/index.ts';

/**
 * How every preset answers every reason, written out: status, the header line that tells the reason whatever the body
 * says, and the body as sent. The refusals are those of `render-denial.test.ts`.
 */
export type ExpectedDenial = readonly [status: number, header: string, body: string];

export const EXPECTED_DENIALS: Readonly<Record<string, Readonly<Record<DenialReason, ExpectedDenial>>>> = {
  keyhouse: {
    authentication_required: [
      401,
      'Bearer realm="keyhouse"',
      '{"type":"https://keyhouse.example/errors/authentication_required","title":"Authentication required","status":401,"code":"authentication_required","detail":"This request carries no token. Send one as Authorization: Bearer <value>.","request_id":"req_7"}',
    ],
    invalid_request: [
      400,
      'Bearer realm="keyhouse", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
      '{"type":"https://keyhouse.example/errors/invalid_request","title":"Malformed credentials","status":400,"code":"invalid_request","detail":"The credentials of this request cannot be read. The header has two credentials.","request_id":"req_7"}',
    ],
    invalid_token: [
      401,
      'Bearer realm="keyhouse", error="invalid_token", error_description="This token is not valid. It is incomplete or mistyped."',
      '{"type":"https://keyhouse.example/errors/invalid_token","title":"Invalid token","status":401,"code":"invalid_token","detail":"This token is not valid. It is incomplete or mistyped.","request_id":"req_7"}',
    ],
    token_expired: [
      401,
      'Bearer realm="keyhouse", error="invalid_token", error_description="This token has expired."',
      '{"type":"https://keyhouse.example/errors/token_expired","title":"Expired token","status":401,"code":"token_expired","detail":"This token has expired.","request_id":"req_7"}',
    ],
    ip_restricted: [
      403,
      'Bearer realm="keyhouse", error_description="This token cannot be used from this address."',
      '{"type":"https://keyhouse.example/errors/ip_restricted","title":"Address not allowed","status":403,"code":"ip_restricted","detail":"This token cannot be used from this address.","request_id":"req_7"}',
    ],
    insufficient_permissions: [
      403,
      'Bearer realm="keyhouse", error="insufficient_scope", error_description="This token lacks servers:write.", scope="servers:read servers:write"',
      '{"type":"https://keyhouse.example/errors/insufficient_permissions","title":"Insufficient permissions","status":403,"code":"insufficient_permissions","detail":"This token lacks servers:write.","missing":["servers:write"],"request_id":"req_7"}',
    ],
    ambiguous_path: [
      403,
      'Bearer realm="keyhouse", error_description="The path of this request can be read in more than one way, so it is refused."',
      '{"type":"https://keyhouse.example/errors/ambiguous_path","title":"Ambiguous path","status":403,"code":"ambiguous_path","detail":"The path of this request can be read in more than one way, so it is refused.","request_id":"req_7"}',
    ],
    no_matching_rule: [
      403,
      'Bearer realm="keyhouse", error_description="No rule says which permission this route needs, so it is refused."',
      '{"type":"https://keyhouse.example/errors/no_matching_rule","title":"No rule for this route","status":403,"code":"no_matching_rule","detail":"No rule says which permission this route needs, so it is refused.","request_id":"req_7"}',
    ],
    rate_limited: [
      429,
      'Retry-After: 42',
      '{"type":"https://keyhouse.example/errors/rate_limited","title":"Too many requests","status":429,"code":"rate_limited","detail":"This token has used up its rate limit. Retry after 42 s.","retry_after":42,"request_id":"req_7"}',
    ],
    authority_unavailable: [
      503,
      'Retry-After: 5',
      '{"type":"https://keyhouse.example/errors/authority_unavailable","title":"Authentication unavailable","status":503,"code":"authority_unavailable","detail":"This token cannot be checked at the moment. Retry after 5 s.","retry_after":5,"request_id":"req_7"}',
    ],
  },
  installer: {
    authentication_required: [
      401,
      'Bearer realm="Installer.com API"',
      '{"error":"Unauthorized","message":"Invalid or expired token","statusCode":401}',
    ],
    invalid_request: [
      401,
      'Bearer realm="Installer.com API", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
      '{"error":"Unauthorized","message":"Invalid or expired token","statusCode":401}',
    ],
    invalid_token: [
      401,
      'Bearer realm="Installer.com API", error="invalid_token", error_description="This API token is not valid. It is incomplete or mistyped."',
      '{"error":"Unauthorized","message":"Invalid or expired token","statusCode":401}',
    ],
    token_expired: [
      401,
      'Bearer realm="Installer.com API", error="invalid_token", error_description="This API token has expired."',
      '{"error":"Unauthorized","message":"Invalid or expired token","statusCode":401}',
    ],
    ip_restricted: [
      403,
      'Bearer realm="Installer.com API", error_description="This API token cannot be used from this address."',
      '{"error":"Forbidden","message":"This API token cannot be used from this address.","statusCode":403}',
    ],
    insufficient_permissions: [
      403,
      'Bearer realm="Installer.com API", error="insufficient_scope", error_description="This API token lacks servers:write.", scope="servers:read servers:write"',
      '{"error":"Forbidden","message":"Insufficient permissions","statusCode":403}',
    ],
    ambiguous_path: [
      403,
      'Bearer realm="Installer.com API", error_description="The path of this request can be read in more than one way, so it is refused."',
      '{"error":"Forbidden","message":"The path of this request can be read in more than one way, so it is refused.","statusCode":403}',
    ],
    no_matching_rule: [
      403,
      'Bearer realm="Installer.com API", error_description="No rule says which permission this route needs, so it is refused."',
      '{"error":"Forbidden","message":"No rule says which permission this route needs, so it is refused.","statusCode":403}',
    ],
    rate_limited: [
      429,
      'Retry-After: 42',
      '{"error":"Too Many Requests","message":"This API token has used up its rate limit. Retry after 42 s.","statusCode":429}',
    ],
    authority_unavailable: [
      503,
      'Retry-After: 5',
      '{"error":"Service Unavailable","message":"This API token cannot be checked at the moment. Retry after 5 s.","statusCode":503}',
    ],
  },
  deployerp: {
    authentication_required: [
      401,
      'Bearer realm="deployerp"',
      '{"error":{"code":"authentication_required","message":"No authentication token provided","status":401}}',
    ],
    invalid_request: [
      400,
      'Bearer realm="deployerp", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
      '{"error":{"code":"invalid_request","message":"The credentials of this request cannot be read. The header has two credentials.","status":400}}',
    ],
    invalid_token: [
      401,
      'Bearer realm="deployerp", error="invalid_token", error_description="This API key is not valid. It is incomplete or mistyped."',
      '{"error":{"code":"invalid_token","message":"This API key is not valid. It is incomplete or mistyped.","status":401}}',
    ],
    token_expired: [
      401,
      'Bearer realm="deployerp", error="invalid_token", error_description="This API key has expired."',
      '{"error":{"code":"token_expired","message":"This API key has expired.","status":401}}',
    ],
    ip_restricted: [
      403,
      'Bearer realm="deployerp", error_description="This API key cannot be used from this address."',
      '{"error":{"code":"ip_restricted","message":"This API key cannot be used from this address.","status":403}}',
    ],
    insufficient_permissions: [
      403,
      'Bearer realm="deployerp", error="insufficient_scope", error_description="This API key lacks servers:write.", scope="servers:read servers:write"',
      '{"error":{"code":"insufficient_permissions","message":"This API key lacks servers:write.","status":403}}',
    ],
    ambiguous_path: [
      403,
      'Bearer realm="deployerp", error_description="The path of this request can be read in more than one way, so it is refused."',
      '{"error":{"code":"ambiguous_path","message":"The path of this request can be read in more than one way, so it is refused.","status":403}}',
    ],
    no_matching_rule: [
      403,
      'Bearer realm="deployerp", error_description="No rule says which permission this route needs, so it is refused."',
      '{"error":{"code":"no_matching_rule","message":"No rule says which permission this route needs, so it is refused.","status":403}}',
    ],
    rate_limited: [
      429,
      'Retry-After: 42',
      '{"error":{"code":"rate_limited","message":"This API key has used up its rate limit. Retry after 42 s.","status":429}}',
    ],
    authority_unavailable: [
      503,
      'Retry-After: 5',
      '{"error":{"code":"authority_unavailable","message":"This API key cannot be checked at the moment. Retry after 5 s.","status":503}}',
    ],
  },
  hosting: {
    authentication_required: [
      401,
      'Bearer realm="API"',
      '{"type":"https://api.example.com/guide#authentication_required","title":"Authentication required","status":401,"code":"authentication_required","detail":"This request carries no API token. Send one as Authorization: Bearer <value>.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    invalid_request: [
      401,
      'Bearer realm="API", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
      '{"type":"https://api.example.com/guide#invalid_request","title":"Malformed credentials","status":401,"code":"invalid_request","detail":"The Authorization header must be exactly \\"Bearer YOUR_TOKEN\\", with one space after Bearer. The header has two credentials.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    invalid_token: [
      401,
      'Bearer realm="API", error="invalid_token", error_description="This API token is not valid. It is incomplete or mistyped."',
      '{"type":"https://api.example.com/guide#invalid_token","title":"Invalid API token","status":401,"code":"invalid_token","detail":"This API token is not valid. It is incomplete or mistyped.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    token_expired: [
      401,
      'Bearer realm="API", error="invalid_token", error_description="This API token has expired."',
      '{"type":"https://api.example.com/guide#token_expired","title":"Expired API token","status":401,"code":"token_expired","detail":"This API token has expired.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    ip_restricted: [
      403,
      'Bearer realm="API", error_description="This API token cannot be used from this address."',
      '{"type":"https://api.example.com/guide#ip_restricted","title":"Address not allowed","status":403,"code":"ip_restricted","detail":"This API token cannot be used from this address.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    insufficient_permissions: [
      403,
      'Bearer realm="API", error="insufficient_scope", error_description="This API token lacks servers:write.", scope="servers:read servers:write"',
      '{"type":"https://api.example.com/guide#insufficient_permissions","title":"Insufficient permissions","status":403,"code":"insufficient_permissions","detail":"The API token lacks the required permissions for this endpoint: servers:write.","missing":["servers:write"],"support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    ambiguous_path: [
      403,
      'Bearer realm="API", error_description="The path of this request can be read in more than one way, so it is refused."',
      '{"type":"https://api.example.com/guide#ambiguous_path","title":"Ambiguous path","status":403,"code":"ambiguous_path","detail":"The path of this request can be read in more than one way, so it is refused.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    no_matching_rule: [
      403,
      'Bearer realm="API", error_description="No rule says which permission this route needs, so it is refused."',
      '{"type":"https://api.example.com/guide#no_matching_rule","title":"No rule for this route","status":403,"code":"no_matching_rule","detail":"No rule says which permission this route needs, so it is refused.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    rate_limited: [
      429,
      'Retry-After: 42',
      '{"type":"https://api.example.com/guide#rate_limited","title":"Too many requests","status":429,"code":"rate_limited","detail":"This API token has used up its rate limit. Retry after 42 s.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
    authority_unavailable: [
      503,
      'Retry-After: 5',
      '{"type":"https://api.example.com/guide#authority_unavailable","title":"Authentication unavailable","status":503,"code":"authority_unavailable","detail":"This API token cannot be checked at the moment. Retry after 5 s.","support":{"url":"https://support.example.com","email":"support@example.com"},"request_id":"req_7"}',
    ],
  },
  collections: {
    authentication_required: [401, 'Bearer realm="site"', '{"message":"Authentication required"}'],
    invalid_request: [
      401,
      'Bearer realm="site", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
      '{"message":"Authentication required"}',
    ],
    invalid_token: [
      401,
      'Bearer realm="site", error="invalid_token", error_description="This bearer token is not valid. It is incomplete or mistyped."',
      '{"message":"Authentication required"}',
    ],
    token_expired: [
      401,
      'Bearer realm="site", error="invalid_token", error_description="This bearer token has expired."',
      '{"message":"Token has expired"}',
    ],
    ip_restricted: [
      403,
      'Bearer realm="site", error_description="This bearer token cannot be used from this address."',
      '{"message":"This bearer token cannot be used from this address."}',
    ],
    insufficient_permissions: [
      403,
      'Bearer realm="site", error="insufficient_scope", error_description="This bearer token lacks servers:write.", scope="servers:read servers:write"',
      '{"message":"Admin access required"}',
    ],
    ambiguous_path: [
      403,
      'Bearer realm="site", error_description="The path of this request can be read in more than one way, so it is refused."',
      '{"message":"The path of this request can be read in more than one way, so it is refused."}',
    ],
    no_matching_rule: [
      403,
      'Bearer realm="site", error_description="No rule says which permission this route needs, so it is refused."',
      '{"message":"No rule says which permission this route needs, so it is refused."}',
    ],
    rate_limited: [
      429,
      'Retry-After: 42',
      '{"message":"This bearer token has used up its rate limit. Retry after 42 s."}',
    ],
    authority_unavailable: [
      503,
      'Retry-After: 5',
      '{"message":"This bearer token cannot be checked at the moment. Retry after 5 s."}',
    ],
  },
  coolset: {
    authentication_required: [401, 'Bearer realm="api"', '{"detail":"Authentication credentials were not provided."}'],
    invalid_request: [
      401,
      'Bearer realm="api", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
      '{"detail":"Authentication credentials were not provided."}',
    ],
    invalid_token: [
      401,
      'Bearer realm="api", error="invalid_token", error_description="This API token is not valid. It is incomplete or mistyped."',
      '{"detail":"Authentication credentials were not provided."}',
    ],
    token_expired: [
      401,
      'Bearer realm="api", error="invalid_token", error_description="This API token has expired."',
      '{"detail":"Authentication credentials were not provided."}',
    ],
    ip_restricted: [
      403,
      'Bearer realm="api", error_description="This API token cannot be used from this address."',
      '{"detail":"This API token cannot be used from this address."}',
    ],
    insufficient_permissions: [
      403,
      'Bearer realm="api", error="insufficient_scope", error_description="This API token lacks servers:write.", scope="servers:read servers:write"',
      '{"detail":"You do not have permission to perform this action."}',
    ],
    ambiguous_path: [
      403,
      'Bearer realm="api", error_description="The path of this request can be read in more than one way, so it is refused."',
      '{"detail":"The path of this request can be read in more than one way, so it is refused."}',
    ],
    no_matching_rule: [
      403,
      'Bearer realm="api", error_description="No rule says which permission this route needs, so it is refused."',
      '{"detail":"No rule says which permission this route needs, so it is refused."}',
    ],
    rate_limited: [429, 'Retry-After: 42', '{"detail":"This API token has used up its rate limit. Retry after 42 s."}'],
    authority_unavailable: [
      503,
      'Retry-After: 5',
      '{"detail":"This API token cannot be checked at the moment. Retry after 5 s."}',
    ],
  },
};
