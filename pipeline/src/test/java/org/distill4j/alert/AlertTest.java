package org.distill4j.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.RunFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** News that go to a real server over a real socket, and to real programs. */
class AlertTest {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @TempDir Path folder;

  /** Answers with these codes, one after the other, then with the last for ever. */
  private static final class Server implements AutoCloseable {
    final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;

    Server(int... answers) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/hook",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int answer = answers[Math.min(heard.size(), answers.length - 1)];
            heard.add(
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type")
                    + " "
                    + body);
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
          });
      server.start();
    }

    Webhook hook() {
      return webhook("http://localhost:" + server.getAddress().getPort() + "/hook?key=secret");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static Webhook webhook(String url) {
    return new Webhook(Optional.of(url), Optional.empty(), 10, 3);
  }

  @Test
  void webhook_isPostedAsJson() throws IOException {
    try (Server server = new Server(204)) {
      assertThat(server.hook().send("{\"says\":\"zu groß\"}", folder))
          .isEqualTo("alert sent to localhost");
      assertThat(server.heard)
          .containsExactly("POST application/json; charset=utf-8 {\"says\":\"zu groß\"}");
    }
  }

  @Test
  void webhook_serverThatRecovers_isAskedAgain() throws IOException {
    try (Server server = new Server(503, 429, 200)) {
      assertThat(server.hook().send("{}", AT_ONCE)).isEqualTo("alert sent to localhost");
      assertThat(server.heard).hasSize(3);
    }
  }

  @Test
  void webhook_serverThatFailsForEver_isALineWithoutTheSecret() throws IOException {
    try (Server server = new Server(500)) {
      assertThatThrownBy(() -> server.hook().send("{}", AT_ONCE))
          .isInstanceOf(RunFault.class)
          .hasMessage("alert not sent: http://localhost: it answers 500 (tried 3 times)");
      assertThat(server.heard).hasSize(3);
    }
  }

  @Test
  void webhook_refusal_isFinal() throws IOException {
    try (Server server = new Server(404)) {
      assertThatThrownBy(() -> server.hook().send("{}", AT_ONCE))
          .hasMessage("alert not sent: http://localhost: it answers 404 (tried once)");
      assertThat(server.heard).hasSize(1);
    }
  }

  @Test
  void webhook_serverWhoseAnswerNeverEnds_isALine() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> { // promises a body that never comes
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().flush();
        });
    server.start();
    try {
      String url = "http://localhost:" + server.getAddress().getPort() + "/";
      Webhook hook = new Webhook(Optional.of(url), Optional.empty(), 1, 1);
      assertThatThrownBy(() -> hook.send("{}", AT_ONCE))
          .isInstanceOf(RunFault.class)
          .hasMessage("alert not sent: http://localhost: no whole answer in 1 s (tried once)");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void webhook_whereNobodyListens_isALine() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThatThrownBy(() -> webhook("http://localhost:" + free + "/").send("{}", AT_ONCE))
        .isInstanceOf(RunFault.class)
        .hasMessageStartingWith("alert not sent: http://localhost: ")
        .hasMessageEndingWith("(tried 3 times)");
  }

  @Test
  void webhook_addressInAnUnsetVariable_isALine() {
    Webhook hook = new Webhook(Optional.empty(), Optional.of("DISTILL4J_NOT_SET"), 10, 1);
    assertThatThrownBy(() -> hook.send("{}", folder))
        .isInstanceOf(RunFault.class)
        .hasMessage(
            "alert not sent: environment variable DISTILL4J_NOT_SET: not set (expected: an address)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.example.org/x",
        "ftp://example.org/x",
        "https:/x",
        "http://a b",
        "http://a:99999/"
      })
  void webhook_thatIsNoAddress_isRefused(String url) {
    assertThatThrownBy(() -> webhook(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("url: '" + url + "' (expected: an address such as https://host/path)");
  }

  @ParameterizedTest
  @CsvSource({"0, 3, timeout: 0", "10, 11, tries: 11"})
  void webhook_beyondTheBounds_isRefused(int timeout, int tries, String fault) {
    assertThatThrownBy(
            () -> new Webhook(Optional.of("http://a/"), Optional.empty(), timeout, tries))
        .hasMessageStartingWith(fault);
  }

  @Test
  void command_isHandedTheJson_andItsWordsAreKept() throws IOException {
    Command command = new Command(List.of("sh", "-c", "cat > $0; echo heard", told()), 30);
    assertThat(command.send("{\"format\":1}", folder)).isEqualTo("alert handed to sh");
    assertThat(Files.readString(Path.of(told()))).isEqualTo("{\"format\":1}");
    assertThat(folder.resolve("alert.log")).hasContent("heard");
  }

  private String told() {
    return folder.resolve("told.json").toString();
  }

  @Test
  void command_thatFailsOrIsNotThere_isALine() {
    assertThatThrownBy(() -> new Command(List.of("false"), 30).send("{}", folder))
        .isInstanceOf(RunFault.class)
        .hasMessage("alert not sent: false: exit code 1; see " + folder.resolve("alert.log"));
    assertThatThrownBy(() -> new Command(List.of("./no-such-program"), 30).send("{}", folder))
        .isInstanceOf(RunFault.class)
        .hasMessageStartingWith("alert not sent: ./no-such-program: cannot be started: ");
  }

  @Test
  void command_thatHangs_isEnded() {
    assertThatThrownBy(() -> new Command(List.of("sleep", "600"), 1).send("{}", folder))
        .hasMessage("alert not sent: sleep: still running after 1 s");
  }

  @Test
  void command_ofNoWords_isRefused() {
    assertThatThrownBy(() -> new Command(List.of(), 30))
        .hasMessageStartingWith("words: [] (expected: a program");
  }
}
