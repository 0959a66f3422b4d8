package org.distill4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, spoken to over its own debugging protocol.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>
 */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<JsonNode>> events = new ConcurrentHashMap<>();
  private final String session;

  /** What the page complained about. */
  public final List<String> complaints = new CopyOnWriteArrayList<>();

  /** The addresses it asked for. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** {@code $CHROMIUM}, else the first of the usual names on the path. */
  public static Optional<Path> find() {
    String own = System.getenv("CHROMIUM");
    if (own != null && !own.isBlank()) {
      return Optional.of(Path.of(own));
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .filter(folder -> !folder.isBlank())
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param profile a folder of its own, which nobody writes to after {@link #close}
   */
  public Browser(Path chromium, Path profile, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
    command.addAll(List.of(more));
    command.add("about:blank");
    process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(listening(process.errorReader(StandardCharsets.UTF_8))), new Ears())
            .join();
    String target =
        call(null, "Target.createTarget", "{\"url\": \"about:blank\"}").get("targetId").asText();
    session =
        call(
                null,
                "Target.attachToTarget",
                "{\"targetId\": \"%s\", \"flatten\": true}".formatted(target))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(session, domain + ".enable", "{}");
    }
  }

  /** Chromium names its debugging address on the error stream, among other talk. */
  private static String listening(BufferedReader talk) throws IOException {
    String mark = "DevTools listening on ";
    for (String line = talk.readLine(); line != null; line = talk.readLine()) {
      if (line.startsWith(mark)) {
        Thread drain = new Thread(() -> talk.lines().forEach(rest -> {}), "browser-talk");
        drain.setDaemon(true);
        drain.start();
        return line.substring(mark.length()).strip();
      }
    }
    throw new IOException("chromium ended without a debugging address");
  }

  /** Loads a page and waits until it has loaded. */
  public void open(URI page) {
    CompletableFuture<JsonNode> loaded = new CompletableFuture<>();
    events.put("Page.loadEventFired", loaded);
    call(session, "Page.navigate", "{\"url\": \"%s\"}".formatted(page));
    await(loaded, "load of " + page);
  }

  /** What an expression of the page's language gives. */
  public JsonNode evaluate(String expression) {
    ObjectNode parameters = JSON.createObjectNode();
    parameters.put("expression", expression).put("returnByValue", true).put("awaitPromise", true);
    JsonNode answer = call(session, "Runtime.evaluate", parameters.toString());
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /** Sets the size of the window and whether the user likes it dark. */
  public void size(int width, int height, boolean dark) {
    call(
        session,
        "Emulation.setDeviceMetricsOverride",
        "{\"width\": %d, \"height\": %d, \"deviceScaleFactor\": 1, \"mobile\": false}"
            .formatted(width, height));
    call(
        session,
        "Emulation.setEmulatedMedia",
        "{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"%s\"}]}"
            .formatted(dark ? "dark" : "light"));
  }

  /** A PNG of a part of the page. */
  public byte[] screenshot(int x, int y, int width, int height) {
    JsonNode answer =
        call(
            session,
            "Page.captureScreenshot",
            ("{\"captureBeyondViewport\": true, \"clip\":"
                    + " {\"x\": %d, \"y\": %d, \"width\": %d, \"height\": %d, \"scale\": 1}}")
                .formatted(x, y, width, height));
    return Base64.getDecoder().decode(answer.get("data").asText());
  }

  private JsonNode call(String where, String method, String parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String on = where == null ? "" : ", \"sessionId\": \"" + where + "\"";
    socket
        .sendText(
            "{\"id\": %d, \"method\": \"%s\", \"params\": %s%s}"
                .formatted(id, method, parameters, on),
            true)
        .join();
    return await(answer, method);
  }

  private static JsonNode await(CompletableFuture<JsonNode> answer, String what) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(what, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(what, e);
    }
  }

  private void hear(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = answers.remove(message.get("id").asInt());
      if (message.has("error")) {
        answer.completeExceptionally(new IOException(message.get("error").toString()));
      } else {
        answer.complete(message.get("result"));
      }
      return;
    }
    String method = message.get("method").asText();
    JsonNode parameters = message.get("params");
    switch (method) {
      case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
      case "Log.entryAdded" -> complaints.add(parameters.path("entry").path("text").asText());
      case "Network.requestWillBeSent" ->
          requests.add(parameters.path("request").path("url").asText());
      default -> {
        CompletableFuture<JsonNode> waiting = events.remove(method);
        if (waiting != null) {
          waiting.complete(parameters);
        }
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().join());
  }

  /** Puts messages together from their parts. */
  private final class Ears implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        String whole = parts.toString();
        parts.setLength(0);
        try {
          hear(JSON.readTree(whole));
        } catch (IOException e) {
          complaints.add("not JSON: " + whole);
        }
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
