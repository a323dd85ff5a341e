import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** A resource server with one endpoint, GET /servers, and Keyhouse in front of it. The JDK alone. */
public final class ResourceServer {
    public static void main(String[] args) throws IOException {
        String verifyUrl = System.getenv("KEYHOUSE_VERIFY_URL");
        String token = System.getenv("KEYHOUSE_TOKEN");
        if (verifyUrl == null || verifyUrl.isEmpty() || token == null || token.isEmpty()) {
            System.err.println("Set KEYHOUSE_VERIFY_URL and KEYHOUSE_TOKEN.");
            System.exit(1);
        }
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(32));
        Keyhouse keyhouse = new Keyhouse(verifyUrl, token);
        server.createContext("/servers", keyhouse.require("servers:read", ResourceServer::listServers));
        server.start();
        System.out.println("Listening on http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void listServers(HttpExchange exchange, Map<String, Object> identity) throws IOException {
        Map<String, Object> json = Map.of("Content-Type", "application/json");
        // A context answers for every path that begins like its own.
        if (!exchange.getRequestURI().getRawPath().equals("/servers")) {
            Keyhouse.send(exchange, 404, json, "{}");
        } else if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            Keyhouse.send(exchange, 405, json, "{}");
        } else {
            Object body = Map.of("servers", List.of("web-1", "web-2"), "key", identity.get("id"));
            Keyhouse.send(exchange, 200, json, Json.write(body));
        }
    }
}
