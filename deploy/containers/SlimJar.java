import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Enumeration;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Copies a jar without the native libraries of other platforms than this one: {@code java SlimJar.java FROM TO}. */
public final class SlimJar {

    /** One date for all entries, so that the same program gives the same bytes. */
    private static final FileTime DATE = FileTime.fromMillis(0);

    private SlimJar() {}

    public static void main(String[] args) throws IOException {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        try (JarFile from = new JarFile(args[0]);
                OutputStream file = Files.newOutputStream(Path.of(args[1]));
                ZipOutputStream to = new ZipOutputStream(file)) {
            for (Enumeration<JarEntry> all = from.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (isLibrary(entry.getName()) && !isForLinux(entry.getName(), arm)) {
                    continue;
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setLastModifiedTime(DATE);
                to.putNextEntry(copy);
                try (InputStream content = from.getInputStream(entry)) {
                    content.transferTo(to);
                }
                to.closeEntry();
            }
        }
    }

    private static boolean isLibrary(String name) {
        return name.matches(".*\\.(so|dll|dylib|jnilib|a|lib|pdb)");
    }

    /** Libraries name their platform in their path or in their own name, each in its way. */
    private static boolean isForLinux(String name, boolean arm) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean linux = lower.contains("linux") && !lower.contains("musl") && lower.endsWith(".so");
        boolean forArm = lower.contains("aarch64") || lower.contains("arm64");
        boolean forIntel = lower.matches(".*(x64|x86_64|amd64|linux64).*");
        return linux && (arm ? forArm : forIntel);
    }
}
