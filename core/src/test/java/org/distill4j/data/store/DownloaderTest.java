package org.distill4j.data.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.distill4j.data.source.IdxBytes;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DownloaderTest {
  private static final byte[] RAW = "raw content".repeat(30_000).getBytes(UTF_8);
  private static final byte[] PACKED = IdxBytes.gzip(RAW);

  @TempDir Path folder;
  private HttpServer server;
  private ExecutorService threads;
  private final CountDownLatch testDone = new CountDownLatch(1);

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/x.gz", exchange -> answer(exchange, 200, PACKED));
    server.createContext("/plain.gz", exchange -> answer(exchange, 200, RAW));
    server.createContext("/none.gz", exchange -> answer(exchange, 404, "<html>".getBytes(UTF_8)));
    server.createContext(
        "/moved.gz",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/x.gz");
          answer(exchange, 302, new byte[0]);
        });
    server.createContext("/cut.gz", exchange -> half(exchange).close());
    server.createContext(
        "/stalled.gz",
        exchange -> {
          half(exchange);
          await(testDone);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    testDone.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void fetch_goodFile_isKept() throws IOException {
    fetch("/x.gz", Sha256.of(RAW));
    assertThat(Files.readAllBytes(target())).isEqualTo(PACKED);
    assertThat(folder.resolve("deep").toFile().list()).containsExactly("x.gz");
  }

  @Test
  void fetch_redirect_isFollowed() throws IOException {
    fetch("/moved.gz", Sha256.of(RAW));
    assertThat(Files.readAllBytes(target())).isEqualTo(PACKED);
  }

  @Test
  void fetch_otherContent_isRefusedWithBothDigests() {
    String expected = "0".repeat(64);
    assertRefused(
        "/x.gz",
        expected,
        "/x.gz: sha256 "
            + Sha256.of(RAW)
            + " of the unpacked content (expected: "
            + expected
            + "); nothing was kept");
  }

  @Test
  void fetch_otherContentOverAKeptFile_leavesThatAsItWas() throws IOException {
    fetch("/x.gz", Sha256.of(RAW));
    assertThatThrownBy(() -> fetch("/x.gz", "0".repeat(64))).isInstanceOf(RunFault.class);
    assertThat(Files.readAllBytes(target())).isEqualTo(PACKED);
  }

  @Test
  void fetch_notGzip_isRefused() {
    assertRefused(
        "/plain.gz",
        Sha256.of(RAW),
        "/plain.gz: not a whole gzip file: Not in GZIP format; nothing was kept");
  }

  @Test
  void fetch_notThere_namesTheStatus() {
    assertRefused("/none.gz", Sha256.of(RAW), "/none.gz: HTTP 404 (expected: 200)");
  }

  @Test
  void fetch_connectionCutMidway_saysHowFarItCame() {
    assertRefused(
        "/cut.gz",
        Sha256.of(RAW),
        "/cut.gz: broken off after " + PACKED.length / 2 + " bytes: ",
        " (expected: all " + PACKED.length + "); try again");
  }

  @Test
  void fetch_serverStalls_isGivenUp() {
    assertRefused(
        "/stalled.gz",
        Sha256.of(RAW),
        "/stalled.gz: nothing more after " + PACKED.length / 2 + " bytes for 600 ms",
        " (expected: all " + PACKED.length + "); try again");
  }

  @Test
  void fetch_nobodyListens_saysSo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI from = URI.create("http://127.0.0.1:" + port + "/x.gz");
    assertThatThrownBy(
            () -> downloader(Duration.ofSeconds(30)).fetch(from, target(), Sha256.of(RAW)))
        .isInstanceOf(RunFault.class)
        .hasMessage(from + ": ConnectException (expected: an answer)");
  }

  private void assertRefused(String path, String sha256, String... parts) {
    assertThatThrownBy(() -> fetch(path, sha256))
        .isInstanceOf(RunFault.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
    assertThat(folder.resolve("deep").toFile().list()).isEmpty();
  }

  private void fetch(String path, String sha256) {
    URI from = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    boolean stalls = path.startsWith("/stalled");
    downloader(Duration.ofMillis(stalls ? 600 : 30_000)).fetch(from, target(), sha256);
  }

  private static Downloader downloader(Duration patience) {
    return new Downloader(patience, ProgressListener.NONE);
  }

  private Path target() {
    return folder.resolve("deep").resolve("x.gz");
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static HttpExchange half(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, PACKED.length);
    OutputStream out = exchange.getResponseBody();
    out.write(PACKED, 0, PACKED.length / 2);
    out.flush();
    return exchange;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
