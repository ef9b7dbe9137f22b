// Reads an API definition as OGC's test suite does and tells what it finds, one
// finding a line, tab-separated:
//
//	fault	SEVERITY	MESSAGE
//	parameter	PATH	NAME	IN	REQUIRED	STYLE	EXPLODE	TYPE	MINIMUM	MAXIMUM	DEFAULT	MINITEMS	MAXITEMS	ITEMSTYPE
//
//	java -cp 'target/lib/*' ReadOpenAPI.java api.json http://127.0.0.1:8080/api

import com.reprezen.kaizen.oasparser.OpenApi3Parser;
import com.reprezen.kaizen.oasparser.model3.OpenApi3;
import com.reprezen.kaizen.oasparser.model3.Operation;
import com.reprezen.kaizen.oasparser.model3.Parameter;
import com.reprezen.kaizen.oasparser.model3.Path;
import com.reprezen.kaizen.oasparser.model3.Schema;
import java.net.URL;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

public class ReadOpenAPI {
	public static void main(String[] args) throws Exception {
		String text = Files.readString(java.nio.file.Path.of(args[0]));
		OpenApi3 api = new OpenApi3Parser().parse(text, new URL(args[1]), true);
		if (!api.isValid()) {
			for (var item : api.getValidationItems()) {
				line("fault", item.getSeverity(), item.toString());
			}
		}
		for (Path path : api.getPaths().values()) {
			List<Parameter> parameters = new ArrayList<>(path.getParameters());
			Operation get = path.getGet(false);
			if (get != null) {
				parameters.addAll(get.getParameters());
			}
			for (Parameter p : parameters) {
				if (p == null) {
					line("fault", "ERROR", path.getPathString() + ": a parameter's $ref leads nowhere (nothing is fetched from elsewhere)");
					continue;
				}
				Schema s = p.getSchema();
				line("parameter", path.getPathString(), p.getName(), p.getIn(), p.getRequired(), p.getStyle(), p.getExplode(),
						s.getType(), s.getMinimum(), s.getMaximum(), s.getDefault(), minItems(s), maxItems(s),
						s.getItemsSchema(false) == null ? null : s.getItemsSchema().getType());
			}
		}
	}

	// An array's bounds, or those of its alternatives, joined by "|".
	private static String minItems(Schema s) {
		List<String> all = new ArrayList<>();
		for (Schema one : s.getOneOfSchemas()) {
			all.add("" + one.getMinItems());
		}
		return all.isEmpty() ? "" + s.getMinItems() : String.join("|", all);
	}

	private static String maxItems(Schema s) {
		List<String> all = new ArrayList<>();
		for (Schema one : s.getOneOfSchemas()) {
			all.add("" + one.getMaxItems());
		}
		return all.isEmpty() ? "" + s.getMaxItems() : String.join("|", all);
	}

	private static void line(Object... fields) {
		List<String> texts = new ArrayList<>();
		for (Object f : fields) {
			texts.add(("" + f).replaceAll("\\s+", " "));
		}
		System.out.println(String.join("\t", texts));
	}
}
