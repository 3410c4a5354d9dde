package dev.palate.core.model.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An archive of somebody's own that answers what it is given: ids as rewards, mask as logits. */
final class EchoArchive {
  /** Experts, and the first padded length, of which the answer is made. */
  static final int K = 16;

  private static final String SOURCE =
      """
      class RewardModel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self,
          ids: Tensor,
          mask: Tensor) -> Tensor:
          both = torch.cat([torch.slice(ids, 1, 0, 16), torch.slice(mask, 1, 0, 16)], 1)
          return torch.to(both, 6)
      """;

  private EchoArchive() {}

  static void write(Path file) throws IOException {
    Pickle module = new Pickle().global("__torch__", "RewardModel").newInstance().beginAttributes();
    module.text("training").bool(false).endAttributes();
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("version", "3\n".getBytes(UTF_8));
    entries.put("constants.pkl", new Pickle().emptyTuple().finish());
    entries.put("code/__torch__.py", SOURCE.getBytes(UTF_8));
    entries.put("data.pkl", module.finish());
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(each.getValue());
        ZipEntry entry = new ZipEntry("model/" + each.getKey());
        entry.setSize(each.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
    }
  }
}
