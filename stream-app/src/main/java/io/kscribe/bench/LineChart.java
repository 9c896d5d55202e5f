package io.kscribe.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Draws lines over time as SVG: panels above one another that share the axis of time, each with an axis, a unit and a legend of its own.
 *
 * @param title what is drawn
 * @param endSeconds where the axis of time, which begins at 0, ends
 * @param panels from the top
 */
record LineChart(String title, double endSeconds, List<Panel> panels) {
    private static final int WIDTH = 960;
    private static final int PANEL_HEIGHT = 230;
    private static final int LEFT = 80;
    private static final int RIGHT = 24;
    private static final int TITLE_HEIGHT = 44;
    private static final int LEGEND_HEIGHT = 26;
    private static final int PANEL_GAP = 34;
    private static final int TIME_HEIGHT = 44;
    private static final int VALUE_TICKS = 5;
    private static final int TIME_TICKS = 12;
    private static final int LEGEND_STEP = 190;

    /** Colours that are told apart by those, too, who see fewer of them (after Okabe and Ito, Color Universal Design, 2008). */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

    /** A value at a moment. */
    record Point(double seconds, double value) {}

    /** A line. */
    record Line(String name, List<Point> points) {}

    /**
     * Lines on the same axis, which begins at 0.
     *
     * @param unit what the axis counts
     */
    record Panel(String unit, List<Line> lines) {
        private double top() {
            return niceAbove(lines.stream()
                    .flatMap(line -> line.points().stream())
                    .mapToDouble(Point::value)
                    .max()
                    .orElse(1));
        }
    }

    /** The drawing, as an SVG document. */
    String svg() {
        int height =
                TITLE_HEIGHT + panels.size() * (LEGEND_HEIGHT + PANEL_HEIGHT + PANEL_GAP) + TIME_HEIGHT - PANEL_GAP;
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                        + "font-family=\"sans-serif\" font-size=\"13\">%n",
                WIDTH, height, WIDTH, height));
        svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, height));
        svg.append(text(LEFT, 26, "start", title).replace("<text ", "<text font-size=\"16\" "));
        int y = TITLE_HEIGHT;
        for (int i = 0; i < panels.size(); i++) {
            draw(svg, panels.get(i), y + LEGEND_HEIGHT, i == panels.size() - 1);
            y += LEGEND_HEIGHT + PANEL_HEIGHT + PANEL_GAP;
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, Panel panel, int top, boolean last) {
        double most = panel.top();
        int bottom = top + PANEL_HEIGHT;
        double step = most / VALUE_TICKS;
        for (int i = 0; i <= VALUE_TICKS; i++) {
            double y = y(i * step, most, top);
            svg.append(line(LEFT, y, WIDTH - RIGHT, y, i == 0 ? "#555555" : "#e4e4e4"));
            svg.append(text(LEFT - 8, y + 4, "end", number(i * step)));
        }
        double timeStep = niceAbove(endSeconds / TIME_TICKS);
        for (double at = 0; at <= endSeconds * (1 + 1e-9); at += timeStep) {
            svg.append(line(x(at), bottom, x(at), bottom + 5, "#555555"));
            svg.append(text(x(at), bottom + 19, "middle", number(at)));
        }
        if (last) {
            svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 38, "middle", "seconds from the beginning"));
        }
        double middle = (top + bottom) / 2.0;
        svg.append(text(18, middle, "middle", panel.unit())
                .replace("<text ", format("<text transform=\"rotate(-90 18 %.1f)\" ", middle)));
        for (int i = 0; i < panel.lines().size(); i++) {
            String colour = COLOURS.get(i % COLOURS.size());
            int x = LEFT + i * LEGEND_STEP;
            svg.append(line(x, top - 14, x + 22, top - 14, colour).replace("/>", " stroke-width=\"3\"/>"));
            svg.append(text(x + 28, top - 10, "start", panel.lines().get(i).name()));
            svg.append(curve(panel.lines().get(i), most, top, colour));
        }
    }

    private String curve(Line line, double most, int top, String colour) {
        String points = line.points().stream()
                .map(point -> format("%.1f,%.1f", x(point.seconds()), y(point.value(), most, top)))
                .collect(Collectors.joining(" "));
        return format(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-linejoin=\"round\" points=\"%s\"/>%n",
                colour, points);
    }

    private double x(double seconds) {
        return LEFT + (WIDTH - RIGHT - LEFT) * seconds / endSeconds;
    }

    private static double y(double value, double most, int top) {
        return top + PANEL_HEIGHT * (1 - value / most);
    }

    private static String line(double x1, double y1, double x2, double y2, String colour) {
        return format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n", x1, y1, x2, y2, colour);
    }

    private static String text(double x, double y, String anchor, String words) {
        return format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#333333\">%s</text>%n",
                x, y, anchor, words.replace("&", "&amp;").replace("<", "&lt;"));
    }

    /** The least of 1, 2, 2.5, 5 times a power of ten that is not below a value; 1 for 0. */
    static double niceAbove(double value) {
        if (!(value > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * power >= value * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        String digits = format("%.3f", value);
        return digits.replaceAll("\\.?0+$", "");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
