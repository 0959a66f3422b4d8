package org.distill4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.distill4j.data.source.IdxBytes.gzip;
import static org.distill4j.data.source.IdxBytes.images;
import static org.distill4j.data.source.IdxBytes.labels;
import static org.distill4j.data.source.IdxBytes.write;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCatalogTest {
  private static final Map<String, byte[]> FILES =
      Map.of(
          "train-images-idx3-ubyte", images(20),
          "train-labels-idx1-ubyte", labels(20, 2),
          "t10k-images-idx3-ubyte", images(6),
          "t10k-labels-idx1-ubyte", labels(6, 2));

  @TempDir Path folder;

  @Test
  void open_dirHasTheFiles_takesThem() {
    publish(folder.resolve("mine"));
    Splits splits = catalog(tiny("http://127.0.0.1:1/")).open(inDir("mine"));
    assertThat(splits.train().data().size()).isEqualTo(17);
    assertThat(splits.validation().data().size()).isEqualTo(3);
    assertThat(splits.validation().data().label(0)).isEqualTo(17 % 2);
    assertThat(splits.test().data().size()).isEqualTo(6);
    assertThat(splits.test().data().name()).isEqualTo("tiny");
    assertThat(splits.train().data().classes()).containsExactly("even", "odd");
  }

  @Test
  void open_sharedFolderThenCache_areLookedInNext() {
    publish(folder.resolve("cache/data/tiny"));
    DataCatalog catalog = catalog(tiny("http://127.0.0.1:1/"));
    Dataset fromCache = catalog.open("tiny").train().data();
    write(folder.resolve("shared/tiny/train-images-idx3-ubyte.gz"), images(2));
    assertThat(catalog.open("tiny").train().data().sha256())
        .as("a folder without all files is passed over")
        .isEqualTo(fromCache.sha256());
    publish(folder.resolve("shared/tiny"));
    write(folder.resolve("cache/data/tiny/train-images-idx3-ubyte.gz"), images(2));
    assertThat(catalog.open("tiny").train().data().sha256()).isEqualTo(fromCache.sha256());
  }

  @Test
  void open_validationCount_isTakenFromTheEnd() {
    publish(folder.resolve("mine"));
    DataSettings base = inDir("mine");
    Splits splits = catalog(tiny("http://127.0.0.1:1/")).open(withValidation(base, 8));
    assertThat(splits.train().data().size()).isEqualTo(12);
    assertThatThrownBy(() -> catalog(tiny("http://127.0.0.1:1/")).open(withValidation(base, 20)))
        .hasMessage("validation: 20 (expected: less than the 20 training examples of 'tiny')");
  }

  @Test
  void open_nowhere_isDownloadedOnceAndKept() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FILES.forEach(
        (name, raw) ->
            server.createContext(
                "/tiny/" + name + ".gz",
                exchange -> {
                  byte[] packed = gzip(raw);
                  exchange.sendResponseHeaders(200, packed.length);
                  exchange.getResponseBody().write(packed);
                  exchange.close();
                }));
    server.start();
    DataCatalog catalog =
        catalog(tiny("http://127.0.0.1:" + server.getAddress().getPort() + "/tiny/"));
    String sha256 = catalog.open("tiny").train().data().sha256();
    server.stop(0);
    assertThat(folder.resolve("cache/data/tiny/t10k-labels-idx1-ubyte.gz")).exists();
    assertThat(catalog.open("tiny").train().data().sha256()).isEqualTo(sha256);
  }

  @Test
  void open_foundNowhere_namesTheFourPlacesInOneLine() {
    DataCatalog online = catalog(tiny("http://127.0.0.1:1/"));
    assertThatThrownBy(() -> online.open("tiny"))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "data 'tiny': not found (looked in dir, which is not given; "
                + folder.resolve("shared/tiny")
                + ", which is not there; "
                + folder.resolve("cache/data/tiny")
                + ", which is not there; http://127.0.0.1:1/train-images-idx3-ubyte.gz:"
                + " ConnectException (expected: an answer)); give its dir, or connect to the"
                + " internet");
    DataLocations offline = new DataLocations(Optional.empty(), folder.resolve("cache"), true);
    assertThatThrownBy(
            () ->
                new DataCatalog(
                        offline, ProgressListener.NONE, List.of(tiny("http://127.0.0.1:1/")))
                    .open("tiny"))
        .hasMessageContaining("$DISTILL4J_DATA, which is not set; ")
        .hasMessageContaining("http://127.0.0.1:1/, but DISTILL4J_OFFLINE is set);");
  }

  @Test
  void open_otherContentUnderAKnownName_isRefused() {
    publish(folder.resolve("mine"));
    Path altered = write(folder.resolve("mine/t10k-images-idx3-ubyte.gz"), gzip(images(7)));
    assertThatThrownBy(() -> catalog(tiny("http://127.0.0.1:1/")).open(inDir("mine")))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "%s: sha256 %s of the raw content (expected: %s, as 'tiny' is published); give other"
                    .formatted(altered, Sha256.of(images(7)), Sha256.of(images(6)))
                + " data another name");
  }

  @Test
  void open_unknownName_saysWhatIsKnown() {
    assertThatThrownBy(() -> catalog().open("mnits"))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("data 'mnits': not found (looked in dir, which is not given; ")
        .hasMessageEndingWith(
            "known names are adult, digits, fashion-mini, fashion-mnist, mnist, and files go by"
                + " their path");
  }

  @Test
  void open_textThatIsNoName_isAPath() {
    assertThatThrownBy(() -> catalog().open("my data.csv"))
        .isInstanceOf(InputFault.class)
        .hasMessage("my data.csv: not there (expected: a CSV file or a folder)");
  }

  @Test
  void open_settingsThatAKnownNameHasItself_areRefused() {
    DataSettings base = DataSettings.named("digits", folder);
    assertThatThrownBy(() -> catalog().open(base))
        .hasMessage(
            "data 'digits': test, classes, label, shape, scale, encoding, quotes, task or table is set (expected: none, as they"
                + " go with its name, nor dir)");
  }

  @Test
  void here_environment_isRead() {
    DataLocations places =
        DataLocations.of(Map.of("DISTILL4J_DATA", "/data", "DISTILL4J_OFFLINE", "1"), folder);
    assertThat(places.shared()).contains(Path.of("/data"));
    assertThat(places.offline()).isTrue();
    assertThat(DataLocations.of(Map.of("DISTILL4J_DATA", " "), folder))
        .isEqualTo(new DataLocations(Optional.empty(), folder, false));
    assertThat(
            Files.exists(DataLocations.here().cache()) || DataLocations.here().cache().isAbsolute())
        .isTrue();
  }

  private void publish(Path to) {
    FILES.forEach((name, raw) -> write(to.resolve(name + ".gz"), gzip(raw)));
  }

  private static KnownData tiny(String publisher) {
    return new KnownData(
        "tiny",
        List.of("even", "odd"),
        publisher,
        3,
        file("train-images-idx3-ubyte"),
        file("train-labels-idx1-ubyte"),
        file("t10k-images-idx3-ubyte"),
        file("t10k-labels-idx1-ubyte"));
  }

  private static Published.KnownFile file(String name) {
    return new Published.KnownFile(name, Sha256.of(FILES.get(name)));
  }

  private DataSettings inDir(String dir) {
    return DataSettings.named("tiny", folder.resolve(dir));
  }

  private static DataSettings withValidation(DataSettings base, long count) {
    return base.validation(count);
  }

  private DataCatalog catalog(KnownData... known) {
    DataLocations places =
        new DataLocations(Optional.of(folder.resolve("shared")), folder.resolve("cache"), false);
    return new DataCatalog(places, ProgressListener.NONE, List.of(known));
  }
}
