import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks Keyhouse whether requests may pass. Nothing is remembered from one request to the next, so that a revoked token is
 * refused from then on.
 */
final class Keyhouse {
    private static final System.Logger LOG = System.getLogger("keyhouse");
    private static final int TIMEOUT_SECONDS = 2;

    private final URI verifyUrl;
    private final String token;
    private final HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(1))
        .build();

    /**
     * @param verifyUrl of POST …/verify
     * @param token one that holds keyhouse-tokens:verify
     */
    Keyhouse(String verifyUrl, String token) {
        this.verifyUrl = URI.create(verifyUrl);
        this.token = token;
    }

    /** A handler behind the check: what it is told is who the request comes from. */
    interface Protected {
        void handle(HttpExchange exchange, Map<String, Object> identity) throws IOException;
    }

    /**
     * Lets requests through whose token may do this, and sends everybody else the company's own refusal. While Keyhouse cannot
     * be asked, nobody passes.
     */
    HttpHandler require(String permission, Protected next) {
        return exchange -> {
            Map<String, Object> verdict;
            Map<String, Object> identity = null;
            Map<String, Object> response = null;
            int status = 200;
            try {
                verdict = verify(exchange, permission);
                if (Boolean.TRUE.equals(verdict.get("allowed"))) {
                    identity = object(verdict.get("token"));
                } else {
                    response = object(verdict.get("response"));
                    status = ((BigDecimal) response.get("status")).intValueExact();
                    if (status < 400) throw new IllegalStateException("a refusal with status " + status);
                }
            } catch (Exception error) {
                LOG.log(System.Logger.Level.WARNING, "Keyhouse cannot be asked: {0}", error.getClass().getSimpleName());
                exchange.getResponseHeaders().set("Retry-After", "1");
                send(exchange, 503, Map.of("Content-Type", "application/json"), "{\"error\":\"unavailable\"}");
                return;
            }
            if (identity == null) {
                send(exchange, status, object(response.get("headers")), Json.write(response.get("body")));
                return;
            }
            Object headers = verdict.get("headers");
            if (headers != null) copy(exchange, object(headers));
            next.handle(exchange, identity);
        };
    }

    /** Hands over the header lines as they came: whether there is one credential in them is for Keyhouse to say. */
    private Map<String, Object> verify(HttpExchange exchange, String permission) throws Exception {
        List<String> sent = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        // Two are refused like two hundred.
        List<List<String>> lines = sent.stream().limit(2).map(value -> List.of("Authorization", value)).toList();
        Map<String, Object> question = Map.of(
            "headers", lines,
            "target", exchange.getRequestURI().toString(),
            // The other end of the connection. Behind a proxy of yours, take the address from the header that proxy writes.
            "ip", exchange.getRemoteAddress().getAddress().getHostAddress(),
            "all_of", List.of(permission));
        HttpRequest request = HttpRequest.newBuilder(verifyUrl)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(question)))
            .build();
        HttpResponse<String> answer = client
            .sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (answer.statusCode() != 200) throw new IOException("it answers " + answer.statusCode());
        return object(Json.read(answer.body()));
    }

    static void send(HttpExchange exchange, int status, Map<String, Object> headers, String text) throws IOException {
        copy(exchange, headers);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead || body.length == 0 ? -1 : body.length);
        if (!isHead) exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void copy(HttpExchange exchange, Map<String, Object> headers) {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, String.valueOf(value)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        if (value instanceof Map<?, ?> map) return (Map<String, Object>) map;
        throw new IllegalStateException("not an object");
    }
}
