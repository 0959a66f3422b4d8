package org.distill4j.savedmodel;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.natives.PlainName;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TString;

/**
 * The variables of a SavedModel that its own signature writes to: they are set back to what the
 * folder holds, as loading it does.
 */
final class SavedState {
  private static final String INITIAL = "__saved_model_init_op";

  private final SavedModelBundle bundle;
  private final Path folder;

  private SavedState(SavedModelBundle bundle, Path folder) {
    this.bundle = bundle;
    this.folder = folder;
  }

  /**
   * Empty where nothing is written.
   *
   * @param tensors what is asked for
   * @throws InputFault if something is, and the folder has no way to set it back
   */
  static Optional<SavedState> of(Path folder, SavedModelBundle bundle, List<String> tensors) {
    if (!new ServedGraph(bundle.metaGraphDef()).remembers(tensors)) {
      return Optional.empty();
    }
    SavedState state = new SavedState(bundle, folder.toAbsolutePath());
    if (state.restores().isEmpty() && state.initial().isEmpty()) {
      throw new InputFault(
          folder
              + ": remembers what it was asked before, and has no way to forget it (expected:"
              + " answers to each example alone); save it with its variables, or without a state");
    }
    return Optional.of(state);
  }

  private static String variables(Path folder) {
    return folder.resolve("variables").resolve("variables").toString();
  }

  private Optional<SaverDef> restores() {
    return Optional.of(bundle.metaGraphDef())
        .filter(MetaGraphDef::hasSaverDef)
        .map(MetaGraphDef::getSaverDef)
        .filter(saver -> !saver.getRestoreOpName().isEmpty());
  }

  private Optional<String> initial() {
    return Optional.ofNullable(bundle.metaGraphDef().getSignatureDefMap().get(INITIAL))
        .map(signature -> signature.getOutputsMap().get(INITIAL))
        .map(info -> info.getName().split(":", 2)[0])
        .filter(name -> !name.isEmpty());
  }

  /** As after loading. */
  void reset() {
    Session session = bundle.session();
    restores()
        .ifPresent(
            saver -> {
              try (PlainName plain = PlainName.of(folder);
                  TString file = TString.scalarOf(variables(plain.path()))) {
                session
                    .runner()
                    .feed(saver.getFilenameTensorName(), file)
                    .addTarget(saver.getRestoreOpName())
                    .run()
                    .close();
              }
            });
    initial().ifPresent(name -> session.runner().addTarget(name).run().close());
  }
}
