package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Refuses what grows together inside a package, and what a package should not know. */
class WallsTest {
  /** The measures of all offenders together. This number may only fall. */
  private static final int OFFENCES = 0;

  private static House house;
  private static Path list;
  private static List<Offender> listed;
  private static List<Offender> found;

  @BeforeAll
  static void read() throws IOException {
    house = House.here();
    list = Offender.list(House.home());
    listed = Offender.read(list);
    found = Offender.of(house).stream().map(o -> o.withReasonFrom(listed)).toList();
  }

  @Test
  void offenders_areThoseOfTheList_noWorseAndNoBetter() throws IOException {
    Stream<String> head = Files.readAllLines(list).stream().filter(line -> line.startsWith("#"));
    Path written = House.home().resolve("cli/target/architecture/offenders.txt");
    Files.createDirectories(written.getParent());
    Files.write(written, Stream.concat(head, found.stream().map(Offender::line)).toList());
    String details =
        found.stream()
            .filter(o -> !listed.contains(o))
            .map(o -> o.line() + " " + o.detail(house))
            .collect(Collectors.joining("\n"));
    assertThat(lines(listed))
        .as("the lines that the code gives stand in " + written + "\n" + details + "\n")
        .containsExactlyElementsOf(lines(found));
  }

  @Test
  void offenders_haveAReason() {
    assertThat(listed).noneMatch(offender -> offender.reason().isEmpty());
  }

  @Test
  void offences_areNoMoreThanBefore() {
    assertThat(found.stream().mapToInt(Offender::measure).sum())
        .as("measures of all offenders; OFFENCES may fall")
        .isEqualTo(OFFENCES);
  }

  private static List<String> lines(List<Offender> offenders) {
    return offenders.stream().map(Offender::line).toList();
  }
}
