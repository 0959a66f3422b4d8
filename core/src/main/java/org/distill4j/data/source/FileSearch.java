package org.distill4j.data.source;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.Downloader;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.LockFile;

/** Looks for a data set's files: in three folders, then at the publisher's address. */
final class FileSearch {
  /**
   * A folder to look in.
   *
   * @param ifAbsent what messages say if there is none
   */
  private record Place(String ifAbsent, Optional<Path> folder) {
    String without(String what) {
      return folder
          .map(f -> f + (Files.isDirectory(f) ? ", which has not " + what : ", which is not there"))
          .orElse(ifAbsent);
    }
  }

  private final DataLocations places;
  private final ProgressListener listener;
  private final Duration patience;

  FileSearch(DataLocations places, ProgressListener listener, Duration patience) {
    this.places = places;
    this.listener = listener;
    this.patience = patience;
  }

  private List<Place> folders(String name, Optional<Path> dir) {
    return List.of(
        new Place("dir, which is not given", dir),
        new Place(
            "$" + DataLocations.SHARED + ", which is not set",
            places.shared().map(f -> f.resolve(name))),
        new Place("the cache", Optional.of(places.downloads(name))));
  }

  /** The first folder of that name with a user's own files. */
  Path ownFolder(String name, Optional<Path> dir) {
    List<String> looked = new ArrayList<>();
    for (Place place : folders(name, dir)) {
      if (place.folder().filter(OwnFiles::areIn).isPresent()) {
        return place.folder().get();
      }
      looked.add(place.without("idx, CSV, TSV, TFRecord or image files"));
    }
    throw new InputFault(
        "data '%s': not found (looked in %s); known names are %s, and files go by their path"
            .formatted(name, String.join("; ", looked), String.join(", ", DataCatalog.names())));
  }

  /**
   * The files in the first place that has them all; downloads them if no folder has.
   *
   * @throws InputFault in one line with all places if none has
   */
  List<ByteSource> files(Published data, Optional<Path> dir) {
    List<String> looked = new ArrayList<>();
    for (Place place : folders(data.name(), dir)) {
      List<ByteSource> found = place.folder().map(f -> filesIn(f, data)).orElse(List.of());
      if (found.size() == data.files().size()) {
        return found;
      }
      looked.add(place.without("all of its files"));
    }
    try {
      return download(data);
    } catch (RunFault e) {
      looked.add(e.getMessage());
      throw new InputFault(
          "data '%s': not found (looked in %s); give its dir, or connect to the internet"
              .formatted(data.name(), String.join("; ", looked)),
          e);
    }
  }

  private static List<ByteSource> filesIn(Path folder, Published data) {
    return data.files().stream()
        .flatMap(file -> OwnFiles.first(folder, file.name()).stream())
        .map(ByteSource::of)
        .toList();
  }

  private List<ByteSource> download(Published data) {
    if (places.offline()) {
      throw new RunFault(data.publisher() + ", but " + DataLocations.OFFLINE + " is set");
    }
    Path folder = places.downloads(data.name());
    Downloader downloader = new Downloader(patience, listener);
    return LockFile.holding(
        folder.resolve("download.lock"),
        () -> {
          for (Published.KnownFile file : data.files()) {
            if (OwnFiles.first(folder, file.name()).isEmpty()) {
              URI from = URI.create(data.publisher() + file.published());
              downloader.fetch(from, folder.resolve(file.published()), file.sha256());
            }
          }
          return filesIn(folder, data);
        });
  }
}
