package io.kscribe.console;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.kscribe.web.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The console's page: files that are served as they are, under a policy that lets the page load and run nothing else. */
final class Page implements Routes {

    /** The first is the page itself; the others are what it names. */
    static final List<String> FILES = List.of(
            "index.html",
            "console.css",
            "icon.svg",
            "main.js",
            "audio.js",
            "calls.js",
            "capture.js",
            "dom.js",
            "feed.js",
            "score.js",
            "state.js",
            "time.js");

    /**
     * Nothing from elsewhere, nothing inline, no text that becomes markup (Content Security Policy Level 3, Trusted Types), and in
     * nobody's frame.
     */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private static final String FOLDER = "page/";

    private static final class File {
        private final byte[] bytes;
        private final String type;
        private final String tag;

        private File(byte[] bytes, String type, String tag) {
            this.bytes = bytes;
            this.type = type;
            this.tag = tag;
        }
    }

    @Override
    public void addTo(JavalinConfig server) {
        for (String name : FILES) {
            File file = read(name);
            server.routes.get(name.equals(FILES.get(0)) ? "/" : "/console/" + name, request -> serve(file, request));
        }
    }

    private static void serve(File file, Context request) {
        request.header("Content-Security-Policy", POLICY)
                .header("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cache-Control", "no-cache")
                .header("ETag", file.tag);
        if (file.tag.equals(request.header("If-None-Match"))) {
            request.status(304);
        } else {
            request.contentType(file.type).result(file.bytes);
        }
    }

    private static File read(String name) {
        try (InputStream in = Page.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("The page's " + name + " was not built into the program.");
            }
            byte[] bytes = in.readAllBytes();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new File(bytes, type(name), '"' + HexFormat.of().formatHex(hash, 0, 8) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html;charset=utf-8";
            case ".css" -> "text/css;charset=utf-8";
            case ".js" -> "text/javascript;charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("The page has " + name + ", a file of an unknown kind.");
        };
    }
}
